package io.mysqltlsproxy.tls;

import static io.mysqltlsproxy.tls.OpenSslKey.LEGACY;
import static io.mysqltlsproxy.tls.OpenSslKey.P256;
import static io.mysqltlsproxy.tls.OpenSslKey.PASSPHRASE;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.OpenSslCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way in which {@code openssl} encrypts a private key: either TLS is served with it, both
 * ways, or the refusal names the encryption, and a command that helps.
 */
class KeyEncryptionsTest {
  private final OpenSslKey key;

  KeyEncryptionsTest(@TempDir Path directory) {
    key = new OpenSslKey(directory);
  }

  @BeforeAll
  static void needsOpenSsl() {
    assumeTrue(OpenSslCommand.exists(), "no openssl");
  }

  static Stream<String> encryptions() {
    return Stream.of(
            List.of("-scrypt", "-v2 des3", "-v2 aes-256-cbc -iter 1"),
            ciphers(),
            functions(),
            List.of(
                "-v1 PBE-SHA1-3DES",
                "-v1 PBE-SHA1-2DES",
                "-v1 PBE-SHA1-RC4-128" + LEGACY,
                "-v1 PBE-SHA1-RC4-40" + LEGACY,
                "-v1 PBE-SHA1-RC2-128" + LEGACY,
                "-v1 PBE-SHA1-RC2-40" + LEGACY,
                "-v1 PBE-MD5-DES" + LEGACY,
                "-v1 PBE-MD5-RC2-64" + LEGACY,
                "-v1 PBE-SHA1-DES" + LEGACY,
                "-v1 PBE-SHA1-RC2-64" + LEGACY))
        .flatMap(List::stream);
  }

  private static List<String> ciphers() {
    return Stream.of(
            "aes-128-cbc",
            "aes-192-cbc",
            "aes-256-cfb",
            "aes-256-ofb",
            "camellia-128-cbc",
            "camellia-256-cbc",
            "aria-256-cbc",
            "sm4-cbc",
            "des-cbc" + LEGACY,
            "bf-cbc" + LEGACY,
            "cast5-cbc" + LEGACY,
            "rc2-cbc" + LEGACY,
            "seed-cbc" + LEGACY)
        .map(cipher -> "-v2 " + cipher)
        .toList();
  }

  private static List<String> functions() {
    return Stream.of(
            "hmacWithSHA1",
            "hmacWithSHA224",
            "hmacWithSHA256",
            "hmacWithSHA384",
            "hmacWithSHA512",
            "hmacWithSHA512-224",
            "hmacWithSHA512-256",
            "hmacWithMD5")
        .map(function -> "-v2 aes-256-cbc -v2prf " + function)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("encryptions")
  void pkcs8InEveryEncryption(String how) throws Exception {
    key.p256();
    key.openssl("pkcs8 -topk8 -in plain.pem -out key.pem -passout " + PASSPHRASE + " " + how);
    assertServedOrRefused();
  }

  @ParameterizedTest
  @CsvSource({
    "EC, -aes-128-cbc",
    "EC, -aes-256-cbc",
    "EC, -des3",
    "RSA, -aes-192-cbc",
    "RSA, -des3",
    "RSA, -aes-256-cfb",
    "RSA, -aes-256-ofb",
    "RSA, -camellia-256-cbc",
    "RSA, -aria-256-cbc",
    "RSA, -des-cbc -provider legacy -provider default",
    "RSA, -bf-cbc -provider legacy -provider default",
    "RSA, -rc2-cbc -provider legacy -provider default",
    "RSA, -cast5-cbc -provider legacy -provider default",
    "RSA, -seed-cbc -provider legacy -provider default"
  })
  void traditionalEncryption(String algorithm, String how) throws Exception {
    key.openssl(
        algorithm.equals("EC")
            ? P256 + " -out plain.pem"
            : "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.pem");
    key.certificate();
    key.openssl("pkey -traditional -in plain.pem -out key.pem -passout " + PASSPHRASE + " " + how);
    assertTrue(key.read("key.pem").contains("Proc-Type: 4,ENCRYPTED"));
    assertServedOrRefused();
  }

  /** A refusal says how it is encrypted, and its command makes a key that is served. */
  private void assertServedOrRefused() throws Exception {
    String problem = key.problem("secret");
    if (problem.isEmpty()) {
      key.assertServed("secret");
      String missing = key.refusal("");
      assertTrue(missing.contains("the key is encrypted"), missing);
      String wrong = key.refusal("wrong");
      assertTrue(wrong.contains("its first line is not the passphrase of " + key.path()), wrong);
    } else {
      assertTrue(problem.contains("is encrypted in a way that is not supported ("), problem);
      assertFalse(problem.contains("(1.") || problem.contains("()"), problem);
      key.followHint(problem, " -passin " + PASSPHRASE + " -passout " + PASSPHRASE + LEGACY);
      key.assertServed("secret");
    }
  }

  @Test
  void anEmptyPassphraseIsToBeTakenOff() throws Exception {
    key.p256();
    key.openssl("pkcs8 -topk8 -in plain.pem -out key.pem -v2 aes-256-cbc -passout pass:");
    assertTrue(key.refusal("").contains("the key is encrypted"));
    OptionValues values = key.run("x");
    key.write("passphrase", "\n");
    String problem =
        String.valueOf(
            assertThrows(OptionException.class, () -> OwnCertificate.load(values)).getMessage());
    assertTrue(problem.contains("if it is empty, take it off: openssl pkey"), problem);
  }
}
