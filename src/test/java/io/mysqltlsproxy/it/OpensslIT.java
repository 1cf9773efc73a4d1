package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import java.nio.file.Path;
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
      Tool.Result result = OpensslClient.run(sound.port(), option, "-cipher", oldSignatures);
      assertEquals(1, result.status(), result::text);
      assertTrue(result.error().contains("alert protocol version"), result::error);
    }
  }

  private static RunningProxy before(String... options) {
    return RunningProxy.before(Servers.mysql55().address(), options);
  }

  private static String connect(RunningProxy proxy, String... options) {
    return OpensslClient.connect(proxy.port(), options);
  }
}
