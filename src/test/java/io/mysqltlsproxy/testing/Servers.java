package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One server of each kind for all tests of this JVM: started when first asked for, ended with the
 * JVM.
 *
 * <p>A test that asks for a server which cannot run on this machine is skipped, and says why.
 */
public final class Servers {

  private interface Starter {
    TestServer start() throws IOException;
  }

  private static final Map<String, TestServer> RUNNING = new ConcurrentHashMap<>();

  private Servers() {}

  public static TestServer mysql55() {
    return shared("mysql55", Mysql55::unavailable, Mysql55::start);
  }

  public static TestServer mysql56() {
    return shared("mysql56", Mysql56::unavailable, Mysql56::start);
  }

  public static TestServer mariaDb(MariaDb version) {
    return shared(version.name(), version::unavailable, version::start);
  }

  public static TestServer container(Container image) {
    return shared("container " + image.name(), image::unavailable, image::start);
  }

  private static TestServer shared(
      String key, Supplier<Optional<String>> unavailable, Starter starter) {
    return RUNNING.computeIfAbsent(
        key,
        k -> {
          unavailable.get().ifPresent(reason -> abort(reason));
          return start(starter);
        });
  }

  private static TestServer start(Starter starter) {
    try {
      return starter.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
