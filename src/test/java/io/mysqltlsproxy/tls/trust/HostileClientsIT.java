package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.tls.trust.HostileChains.Chain;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Clients that send the chains that cost the proxy most, one after another, keep no other client
 * waiting.
 *
 * <p>{@code mvn verify -Dit.test=HostileClientsIT -Dhostile.logins=1000 -Dhostile.millis=50} on a
 * quiet machine is the measurement.
 */
@Timeout(300)
class HostileClientsIT {
  private static final int ATTACKERS = 8;
  private static final int LOGINS = Integer.getInteger("hostile.logins", 200);

  /** Of the last but one in a hundred; other tests and the attackers share the processors. */
  private static final int MAX_MILLIS = Integer.getInteger("hostile.millis", 2000);

  @AutoClose private final Opened opened = new Opened();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger refused = new AtomicInteger();

  @ParameterizedTest
  @EnumSource(
      value = Chain.class,
      names = {"FORGED_ISSUERS_P384", "UNPRINTABLE_NAME"})
  void eightClientsThatSendTheWorstChainsWithoutEndDoNotHoldUpOthers(
      Chain chain, @TempDir Path directory) throws Exception {
    HostileChains chains = HostileChains.make(chain);
    Path authorities = directory.resolve("ca.pem");
    Files.writeString(
        authorities, Files.readString(ProxyCertificates.shared().ca()) + chains.authority());
    InetSocketAddress proxy =
        opened
            .keep(
                ProxyProcess.withUsualJava(
                    ProxyProcess.options(
                        "127.0.0.1:" + Servers.mysql55().address().getPort(),
                        "ssl-ca=" + authorities,
                        "require=X509")))
            .ready();
    logIn(proxy, LOGINS);
    List<Long> alone = logIn(proxy, LOGINS);
    SSLContext hostile = chains.client();
    for (int i = 0; i < ATTACKERS; i++) {
      Thread attacker = new Thread(() -> attack(proxy, hostile), "attacker-" + i);
      attacker.setDaemon(true);
      attacker.start();
    }
    assertTrue(Await.until(() -> refused.get() >= 50), () -> refused + " were refused");

    int before = refused.get();
    long start = System.nanoTime();
    List<Long> attacked = logIn(proxy, LOGINS);
    double seconds = (System.nanoTime() - start) / 1e9;
    int meanwhile = refused.get() - before;
    over.set(true);

    String seen =
        "alone %s; attacked %s, while %d were refused in %.1f s"
            .formatted(quantiles(alone), quantiles(attacked), meanwhile, seconds);
    assertTrue(meanwhile > 0, seen);
    assertTrue(meanwhile < 2 * ATTACKERS + 60 * seconds, seen);
    assertTrue(attacked.get(attacked.size() * 99 / 100) < MAX_MILLIS * 1000L, seen);
    LoggerFactory.getLogger(HostileClientsIT.class).info("{}: {}", chain, seen);
  }

  private static String quantiles(List<Long> sorted) {
    return "median %d, p99 %d, worst %d us"
        .formatted(
            sorted.get(sorted.size() / 2),
            sorted.get(sorted.size() * 99 / 100),
            sorted.get(sorted.size() - 1));
  }

  /** How long each took, in microseconds, sorted. */
  private static List<Long> logIn(InetSocketAddress proxy, int times) throws IOException {
    List<Long> micros = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      try (RawClient client = RawClient.loggedIn(proxy, ClientTls.LAURA, "root")) {
        micros.add((System.nanoTime() - start) / 1000);
        client.send(0, new byte[] {1});
      }
    }
    Collections.sort(micros);
    return micros;
  }

  private void attack(InetSocketAddress proxy, SSLContext tls) {
    while (!over.get()) {
      try (RawClient client = RawClient.encrypted(proxy, tls)) {
        client.read();
      } catch (IOException expected) {
        refused.incrementAndGet();
      }
    }
  }
}
