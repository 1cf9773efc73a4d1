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

  /** What it prints of a connection whose handshake succeeds. */
  static String connect(int port, String... options) {
    Tool.Result result = run(port, options);
    assertEquals(0, result.status(), result::error);
    return result.text();
  }

  /**
   * Runs a client with the certificate of {@link ProxyCertificates#shared}. It stays until the
   * proxy ends the connection for want of a login: with TLSv1.3 the session ticket comes after the
   * handshake.
   */
  static Tool.Result run(int port, String... options) {
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
    return Tool.run(new ProcessBuilder(command));
  }
}
