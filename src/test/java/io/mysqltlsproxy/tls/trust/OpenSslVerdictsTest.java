package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy judges certificates as OpenSSL does, and where it does not, the documents say so. */
class OpenSslVerdictsTest {
  /** {@code mvn test -Dtest=OpenSslVerdictsTest -Dpki.cases=20000} takes a quarter of an hour. */
  private static final int CASES = Integer.getInteger("pki.cases", 300);

  private static final int FIRST = Integer.getInteger("pki.first", 0);

  @Test
  void everyCaseIsJudgedAsOpenSslJudgesItOrAsTheDocumentsSay(@TempDir Path directory) {
    assumeTrue(OpenSslOracle.isAvailable());
    OpenSslComparison comparison = new OpenSslComparison(directory);

    comparison.run(FIRST, CASES);

    assertEquals(0, comparison.unexplained(), comparison::differences);
    int admitted = comparison.counts().getOrDefault("admitted", 0);
    assertTrue(admitted > CASES / 10, "too few are admitted to tell: " + comparison.counts());
  }

  @Test
  void theDocumentsListEveryDifferenceThatATestAllows() throws IOException {
    String page = Files.readString(Path.of("docs/security.md"));
    for (Difference each : Difference.values()) {
      assertTrue(page.contains("\n| " + each.row() + " | "), each.row());
    }
  }
}
