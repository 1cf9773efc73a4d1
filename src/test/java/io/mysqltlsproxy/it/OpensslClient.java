package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.ProxyCertificates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** {@code openssl s_client}, which upgrades a connection as MySQL's clients do. */
final class OpensslClient {
  private OpensslClient() {}

  /**
   * What it prints of a connection whose handshake succeeds. It sends no login but a line, and
   * stays until the proxy ends the connection for that: with TLSv1.3 the session ticket comes after
   * the handshake.
   */
  static String connect(int port, String... options) {
    Tool.Result result = run(port, "no login\n", options);
    assertEquals(0, result.status(), result::error);
    return result.text();
  }

  /**
   * Runs a client with the certificate of {@link ProxyCertificates#shared}, which sends nothing and
   * stays until the proxy ends the connection: for one that is to get an alert, since who sends
   * more may find the connection closed and not read on.
   */
  static Tool.Result run(int port, String... options) {
    return run(port, "", options);
  }

  private static Tool.Result run(int port, String input, String... options) {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("openssl", "version"), Map.of()),
        "openssl is not installed: src/test/bin/install-tools");
    ProxyCertificates certificates = ProxyCertificates.shared();
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-starttls", "mysql", "-ign_eof"));
    command.addAll(List.of("-connect", "127.0.0.1:" + port));
    command.addAll(List.of("-verify_return_error", "-verify_ip", "127.0.0.1"));
    command.addAll(List.of("-CAfile", certificates.ca().toString()));
    command.addAll(List.of("-cert", certificates.clientCert().toString()));
    command.addAll(List.of("-key", certificates.clientKey().toString()));
    command.addAll(List.of(options));
    return Tool.run(new ProcessBuilder(command), input);
  }
}
