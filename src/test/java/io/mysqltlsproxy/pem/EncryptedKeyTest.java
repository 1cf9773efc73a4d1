package io.mysqltlsproxy.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.OpenSslCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as the openssl command writes them. */
class EncryptedKeyTest {
  private final Path directory;
  private final OpenSslCommand openssl;

  EncryptedKeyTest(@TempDir Path directory) {
    this.directory = directory;
    openssl = new OpenSslCommand(directory);
  }

  @BeforeAll
  static void needsOpenSsl() {
    assumeTrue(OpenSslCommand.exists(), "no openssl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-scrypt",
        "-v2 aes-256-cbc",
        "-v2 aes-128-cbc -v2prf hmacWithSHA1",
        "-v2 aes-256-cbc -v2prf hmacWithSHA512",
        "-v2 des3",
        "-v2 camellia-256-cbc"
      })
  void aKeyThatOpensslHasEncryptedIsRead(String how) throws Exception {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out plain.pem");
    openssl.run("pkcs8 -topk8 -in plain.pem -out key.pem -passout pass:secret " + how);
    Path key = directory.resolve("key.pem");
    assertEquals("EC", KeyFile.read(key, "secret".toCharArray()).key().getAlgorithm());
    var wrong =
        assertThrows(KeyFile.BadPassphrase.class, () -> KeyFile.read(key, "wrong".toCharArray()));
    assertTrue(wrong.given());
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256k1", "secp224r1", "brainpoolP256r1"})
  void aCurveThatIsNotTakenIsNamed(String curve) throws Exception {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + curve + " -out key.pem");
    var refused =
        assertThrows(
            UnusableFileException.class,
            () -> KeyFile.read(directory.resolve("key.pem"), new char[0]));
    String name = curve.equals("secp224r1") ? "P-224" : curve;
    assertTrue(
        String.valueOf(refused.getMessage()).contains("on the curve " + name),
        refused.getMessage());
  }

  @Test
  void aCurveGivenByParametersIsNamedAsSuch() throws Exception {
    openssl.run(
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt"
            + " ec_param_enc:explicit -out key.pem");
    var refused =
        assertThrows(
            UnusableFileException.class,
            () -> KeyFile.read(directory.resolve("key.pem"), new char[0]));
    assertTrue(String.valueOf(refused.getMessage()).contains("by parameters"));
  }
}
