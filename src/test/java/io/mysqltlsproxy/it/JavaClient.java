package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A Java client that brings libraries of its own, in a JVM of its own: those of {@code
 * src/test/clients/pom.xml}, driven by {@code JavaClients.java}.
 *
 * @param name what that program knows it by
 */
record JavaClient(String name) {
  private static final Path LIBRARIES = Path.of("target/clients").toAbsolutePath();
  private static final Path PROGRAM =
      Path.of("src/test/resources/clients/JavaClients.java").toAbsolutePath();

  /** Logs in as root and prints one line, or a stack trace with status 1. */
  Tool.Result run(RunningProxy proxy, String... arguments) {
    Assumptions.assumeTrue(
        Files.isDirectory(LIBRARIES),
        name + " is not in target/clients: src/test/bin/install-tools");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", LIBRARIES + "/*", PROGRAM.toString()));
    command.addAll(List.of(name, String.valueOf(proxy.port()), "root"));
    command.add(ProxyCertificates.shared().ca().toString());
    command.addAll(List.of(arguments));
    return Tool.run(command.toArray(String[]::new));
  }
}
