package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.tls.trust.OpenSslOracle.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a generator would hardly think of is judged as OpenSSL judges it, and with its alert. */
class OddVerdictsTest {
  @ParameterizedTest
  @MethodSource({
    "io.mysqltlsproxy.tls.trust.OddCrls#all",
    "io.mysqltlsproxy.tls.trust.OddNames#all",
    "io.mysqltlsproxy.tls.trust.OddCertificates#all",
    "io.mysqltlsproxy.tls.trust.OddExtensions#all"
  })
  void itIsJudgedAsOpenSslJudgesIt(OddCase odd, @TempDir Path directory) {
    assumeTrue(OpenSslOracle.isAvailable());
    Verdict verdict = new OpenSslOracle(directory).ask(odd.sent(), odd.trusted(), odd.crls());
    if (verdict.error() < 0) {
      assertFalse(isAdmitted(odd), verdict::text); // OpenSSL cannot even read it
      return;
    }
    Judgement own = Judgement.of(odd.sent(), odd.trusted(), odd.crls());
    assertEquals(
        verdict.good() ? "admitted" : verdict.alert(),
        own.good() ? "admitted" : OpenSslOracle.alert(own.error()),
        () -> "OpenSSL: " + verdict.text() + "\nproxy: " + own.message());
  }

  private static boolean isAdmitted(OddCase odd) {
    try {
      return Judgement.of(odd.sent(), odd.trusted(), odd.crls()).good();
    } catch (IllegalStateException theProxyDoesNotStart) {
      return false;
    }
  }
}
