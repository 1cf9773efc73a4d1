package io.mysqltlsproxy.tls;

import static io.mysqltlsproxy.tls.OpenSslKey.PASSPHRASE;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.OpenSslCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every kind and form of private key that {@code openssl} writes: either TLS is served with it,
 * both ways, or the refusal names the cause, and a command that helps.
 */
class KeyFormsTest {
  private final OpenSslKey key;

  KeyFormsTest(@TempDir Path directory) {
    key = new OpenSslKey(directory);
  }

  @BeforeAll
  static void needsOpenSsl() {
    assumeTrue(OpenSslCommand.exists(), "no openssl");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
    "RSA of 3072 bits with exponent 3, "
        + "-algorithm RSA -pkeyopt rsa_keygen_bits:3072 -pkeyopt rsa_keygen_pubexp:3",
    "P-256, -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    "P-384, -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
    "P-521, -algorithm EC -pkeyopt ec_paramgen_curve:P-521"
  })
  void theKindsThatTlsIsServedWith(String name, String parameters) throws Exception {
    key.openssl("genpkey " + parameters + " -out plain.pem");
    key.certificate();
    key.replaceBy("plain.pem");
    key.assertServed("");
  }

  @ParameterizedTest
  @CsvSource({
    "X25519, unsupported type (X25519)",
    "X448, unsupported type (X448)",
    "ED448, unsupported type (Ed448)",
    "RSA-PSS -pkeyopt rsa_keygen_bits:2048, unsupported type (RSA-PSS)",
    "SM2, on the curve SM2",
    "EC -pkeyopt ec_paramgen_curve:P-224, on the curve P-224",
    "EC -pkeyopt ec_paramgen_curve:P-192, on the curve P-192",
    "EC -pkeyopt ec_paramgen_curve:secp256k1, on the curve secp256k1",
    "EC -pkeyopt ec_paramgen_curve:brainpoolP256r1, on the curve brainpoolP256r1",
    "EC -pkeyopt ec_paramgen_curve:brainpoolP320t1, on the curve brainpoolP320t1",
    "EC -pkeyopt ec_paramgen_curve:sect233r1, on the curve sect233r1",
    "RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3, more than two primes"
  })
  void aKindThatTlsIsNotServedWithIsNamed(String algorithm, String named) throws Exception {
    key.p256();
    key.openssl("genpkey -algorithm " + algorithm + " -out key.pem");
    assertNamed(named);
    if (algorithm.contains("primes")) {
      key.openssl("rsa -traditional -in key.pem -out key.pem");
      assertNamed(named);
    }
  }

  @Test
  void aDsaKeyIsNamedInBothForms() throws Exception {
    key.p256();
    key.openssl("dsaparam -genkey -noout -out key.pem 1024");
    assertNamed("unsupported type (DSA)");
    key.openssl("dsa -in key.pem -out traditional.pem");
    key.replaceBy("traditional.pem");
    assertNamed("unsupported type (DSA)");
  }

  private void assertNamed(String kind) throws Exception {
    String problem = key.refusal("");
    assertTrue(problem.contains(key.path().toString()), problem);
    assertTrue(problem.contains(kind), problem);
    assertTrue(problem.contains("make a key of RSA, P-256,"), problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        "ecparam -genkey -noout -name prime256v1 -param_enc explicit",
        "ecparam -genkey -name prime256v1 -param_enc explicit"
      })
  void aCurveGivenByParametersIsConvertedByTheCommandThatIsNamed(String how) throws Exception {
    key.openssl(how + " -out key.pem");
    key.openssl("ec -param_enc named_curve -in key.pem -out plain.pem");
    key.certificate();
    String problem = key.refusal("");
    assertTrue(problem.contains("given by parameters"), problem);
    key.followHint(problem, "");
    key.assertServed("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkey -outform DER",
        "pkcs8 -topk8 -outform DER -v2 aes-256-cbc -passout pass:secret",
        "ec -outform DER",
        "pkcs12 -export -in cert.pem -inkey plain.pem -passout pass:secret"
      })
  void aFileThatIsNotPemIsConvertedByTheCommandThatIsNamed(String how) throws Exception {
    key.p256();
    key.openssl(how + (how.startsWith("pkcs12") ? "" : " -in plain.pem") + " -out key.pem");
    String problem = key.refusal("");
    assertTrue(problem.contains("not PEM"), problem);
    key.followHint(problem, how.contains("secret") ? " -passin " + PASSPHRASE : "");
    key.assertServed("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EC PARAMETERS before it",
        "traditional",
        "the certificate before it",
        "the certificate after it",
        "one file for both",
        "lines of DOS",
        "a byte order mark",
        "attributes",
        "the public key",
        "text of OpenSSL's pkcs12"
      })
  void howeverItStandsInTheFile(String form) throws Exception {
    key.openssl("ecparam -genkey -name prime256v1 -out parameters.pem");
    key.openssl("pkey -in parameters.pem -out plain.pem");
    key.certificate();
    String plain = key.read("plain.pem");
    key.write(
        "key.pem",
        switch (form) {
          case "EC PARAMETERS before it" -> key.read("parameters.pem");
          case "traditional" ->
              key.read("parameters.pem").replaceFirst("(?s)^.*END EC PARAMETERS-----\n", "");
          case "the certificate before it", "one file for both" -> key.read("cert.pem") + plain;
          case "the certificate after it" -> plain + key.read("cert.pem");
          case "lines of DOS" -> plain.replace("\n", "\r\n");
          case "a byte order mark" -> "\ufeff" + plain;
          case "attributes" -> pkcs8(plain, new DERSet(), null);
          case "the public key" -> pkcs8(plain, null, new byte[] {4, 1, 2});
          default ->
              "Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n" + plain;
        });
    if (form.equals("one file for both")) {
      key.write("cert.pem", key.read("key.pem"));
    }
    key.assertServed("");
  }

  /** The same key in PKCS#8 with more than most programs write. */
  private static String pkcs8(String pem, @Nullable ASN1Set attributes, byte @Nullable [] publicKey)
      throws IOException {
    PrivateKeyInfo plain = PrivateKeyInfo.getInstance(body(pem));
    PrivateKeyInfo more =
        new PrivateKeyInfo(
            plain.getPrivateKeyAlgorithm(), plain.parsePrivateKey(), attributes, publicKey);
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(more.getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static byte[] body(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ANY PRIVATE KEY"
      })
  void aBlockWithoutAKeyIsNoCrash(String type) throws Exception {
    key.p256();
    for (String body : List.of("", "MAA=", "AAAA", "MAMCAQA=")) {
      for (String headers :
          List.of(
              "",
              "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n",
              "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC\n\n",
              "Proc-Type: 4,ENCRYPTED\n\n")) {
        key.write(
            "key.pem",
            "-----BEGIN " + type + "-----\n" + headers + body + "\n-----END " + type + "-----\n");
        assertFalse(key.problem("secret").isEmpty());
        assertFalse(key.problem("").isEmpty());
      }
    }
  }
}
