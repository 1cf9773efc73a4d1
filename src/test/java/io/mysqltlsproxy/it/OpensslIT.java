package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenSSL's own client, which upgrades a connection as MySQL's clients do. */
class OpensslIT {

  @ParameterizedTest
  @CsvSource({"-tls1_2,TLSv1.2", "-tls1_3,TLSv1.3"})
  void aHandshakeSucceedsWithTheChainVerified(String option, String version) {
    try (RunningProxy proxy = before()) {
      String text = connect(proxy, option);

      assertTrue(text.contains("Verify return code: 0 (ok)"), text);
      assertTrue(text.contains("New, " + version + ", Cipher is "), text);
    }
  }

  @ParameterizedTest
  @CsvSource({"-tls1_2,TLSv1.2", "-tls1_3,TLSv1.3"})
  void aSecondConnectionResumesTheFirstOnesSession(
      String option, String version, @TempDir Path temporary) {
    String session = temporary.resolve("session.pem").toString();
    try (RunningProxy proxy = before()) {
      String first = connect(proxy, option, "-sess_out", session);
      String second = connect(proxy, option, "-sess_in", session);

      assertTrue(first.contains("New, " + version), first);
      assertTrue(second.contains("Reused, " + version), second);
    }
  }

  @ParameterizedTest
  @CsvSource({"-tls1,TLSv1", "-tls1_1,TLSv1.1"})
  void anOldVersionIsSpokenOnlyWhereTheOptionsNameItAndACipherOfItsTime(
      String option, String version) {
    String oldSignatures = "ALL:@SECLEVEL=0";
    String ciphers = "ssl-cipher=ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA";
    try (RunningProxy willing = before("tls-version=TLSv1,TLSv1.1,TLSv1.2", ciphers)) {
      String text = connect(willing, option, "-cipher", oldSignatures);
      assertTrue(text.contains("Protocol  : " + version), text);
    }
    try (RunningProxy sound = before()) {
      Tool.Result result = run(sound, option, "-cipher", oldSignatures);
      assertEquals(1, result.status(), result::text);
      assertTrue(result.error().contains("alert protocol version"), result::error);
    }
  }

  private static RunningProxy before(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("connect-timeout=2");
    return RunningProxy.before(Servers.mysql55().address(), all.toArray(String[]::new));
  }

  private static String connect(RunningProxy proxy, String... options) {
    Tool.Result result = run(proxy, options);
    assertEquals(0, result.status(), result::error);
    return result.text();
  }

  /**
   * Runs a client that stays until the proxy ends the connection for want of a login: with TLS 1.3
   * the session ticket comes after the handshake.
   */
  private static Tool.Result run(RunningProxy proxy, String... options) {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("openssl", "version"), Map.of()),
        "openssl is not installed: src/test/bin/install-tools");
    ProxyCertificates certificates = proxy.certificates();
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-starttls", "mysql", "-ign_eof"));
    command.addAll(List.of("-connect", "127.0.0.1:" + proxy.port()));
    command.addAll(List.of("-verify_return_error", "-verify_ip", "127.0.0.1"));
    command.addAll(List.of("-CAfile", certificates.ca().toString()));
    command.addAll(List.of("-cert", certificates.clientCert().toString()));
    command.addAll(List.of("-key", certificates.clientKey().toString()));
    command.addAll(List.of(options));
    return Tool.run(new ProcessBuilder(command));
  }
}
