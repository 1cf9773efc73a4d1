package io.mysqltlsproxy.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every form of private key that {@code openssl} writes: either TLS is served with it, both ways,
 * or the refusal names the cause, and a command that helps.
 */
class KeyFormsTest {
  private static final String PASSPHRASE = "pass:secret";
  private static final String P256 = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
  private static final String LEGACY = " -provider legacy -provider default";

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  static void needsOpenSsl() throws Exception {
    try {
      assumeTrue(new ProcessBuilder("openssl", "version").start().waitFor() == 0);
    } catch (IOException e) {
      assumeTrue(false, "no openssl");
    }
  }

  private void openssl(String arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, process.waitFor(), () -> command + ": " + output);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Makes {@code cert.pem} for {@code plain.pem}. */
  private void certificate() {
    openssl("req -x509 -new -key plain.pem -subj /CN=localhost -days 9 -out cert.pem");
  }

  private Path key() {
    return directory.resolve("key.pem");
  }

  private String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  private Map<String, String> flags(String passphrase) throws IOException {
    Map<String, String> flags = new TreeMap<>();
    flags.put("ssl-cert", directory.resolve("cert.pem").toString());
    flags.put("ssl-key", key().toString());
    if (!passphrase.isEmpty()) {
      Path file = Files.writeString(directory.resolve("passphrase"), passphrase + "\n");
      flags.put("ssl-key-passphrase-file", file.toString());
    }
    return flags;
  }

  private OptionValues run(String passphrase) throws Exception {
    return OptionSources.read(flags(passphrase), Map.of(), directory.resolve("none.cnf"));
  }

  private OptionValues connect(String passphrase) throws Exception {
    Map<String, String> flags = flags(passphrase);
    flags.put("backend", "localhost:3306");
    flags.put("ssl-mode", "REQUIRED");
    return OptionSources.read(OptionSet.CONNECT, flags, Map.of(), directory.resolve("none.cnf"));
  }

  /** Both commands make a handshake with it, each by both engines. */
  private void assertServed(String passphrase) throws Exception {
    for (EngineChoice engine : EngineChoice.values()) {
      OptionValues values = run(passphrase);
      try (ServerTls server =
              ServerTls.load(
                  values, OwnCertificate.load(values), engine, "", InstantSource.system());
          Handshake handshake =
              new Handshake(
                  server,
                  TestTls.handler(
                      new TestTls(Files.createDirectories(directory.resolve("other")))
                          .client()
                          .trustManager(InsecureTrustManagerFactory.INSTANCE)))) {
        assertTrue(handshake.succeeded(), () -> "run: " + handshake.serverFailure());
      }
      Path other = Files.createDirectories(directory.resolve("server"));
      TestTls files = new TestTls(other, KeyType.EC);
      files.with("ssl-ca", directory.resolve("cert.pem").toString());
      // BoringSSL would not ask for a certificate of every kind of key.
      try (ServerTls server = files.load(EngineChoice.JDK);
          ClientSideTls client =
              ClientSideTls.load(connect(passphrase), engine, InstantSource.system());
          Handshake handshake =
              new Handshake(server, client.newHandler(UnpooledByteBufAllocator.DEFAULT, true))) {
        assertTrue(handshake.succeeded(), () -> "connect: " + handshake.serverFailure());
      }
    }
  }

  private String refusal(String passphrase) throws Exception {
    OptionValues values = run(passphrase);
    var run = assertThrows(OptionException.class, () -> OwnCertificate.load(values));
    OptionValues mirror = connect(passphrase);
    var connect = assertThrows(OptionException.class, () -> OwnCertificate.loadIfGiven(mirror));
    assertEquals(run.getMessage(), connect.getMessage());
    return String.valueOf(run.getMessage());
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
    openssl("genpkey " + parameters + " -out plain.pem");
    certificate();
    Files.copy(directory.resolve("plain.pem"), key());
    assertServed("");
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
    openssl(P256 + " -out plain.pem");
    certificate();
    openssl("pkcs8 -topk8 -in plain.pem -out key.pem -passout " + PASSPHRASE + " " + how);
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
    openssl(
        algorithm.equals("EC")
            ? P256 + " -out plain.pem"
            : "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.pem");
    certificate();
    openssl("pkey -traditional -in plain.pem -out key.pem -passout " + PASSPHRASE + " " + how);
    assertTrue(read("key.pem").contains("Proc-Type: 4,ENCRYPTED"));
    assertServedOrRefused();
  }

  /** A refusal says how it is encrypted, and its command makes a key that is served. */
  private void assertServedOrRefused() throws Exception {
    String problem = problem("secret");
    if (problem.isEmpty()) {
      assertServed("secret");
      String missing = refusal("");
      assertTrue(missing.contains("the key is encrypted"), missing);
      String wrong = refusal("wrong");
      assertTrue(wrong.contains("its first line is not the passphrase of " + key()), wrong);
    } else {
      assertTrue(problem.contains("is encrypted in a way that is not supported ("), problem);
      assertFalse(problem.contains("(1.") || problem.contains("()"), problem);
      followHint(problem, " -passin " + PASSPHRASE + " -passout " + PASSPHRASE + LEGACY);
      assertServed("secret");
    }
  }

  private String problem(String passphrase) throws Exception {
    try {
      var unused = OwnCertificate.load(run(passphrase));
      return "";
    } catch (OptionException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Runs the command that a message ends with, and puts what it makes in the key's place. */
  private void followHint(String message, String more) throws Exception {
    String command = message.substring(message.lastIndexOf(": openssl ") + ": openssl ".length());
    openssl(command + more);
    Files.move(directory.resolve("NEW.pem"), key(), REPLACE_EXISTING);
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
    openssl(P256 + " -out plain.pem");
    certificate();
    openssl("genpkey -algorithm " + algorithm + " -out key.pem");
    assertNamed(named);
    if (algorithm.contains("primes")) {
      openssl("rsa -traditional -in key.pem -out key.pem");
      assertNamed(named);
    }
  }

  @Test
  void aDsaKeyIsNamedInBothForms() throws Exception {
    openssl(P256 + " -out plain.pem");
    certificate();
    openssl("dsaparam -genkey -noout -out key.pem 1024");
    assertNamed("unsupported type (DSA)");
    openssl("dsa -in key.pem -out traditional.pem");
    Files.move(directory.resolve("traditional.pem"), key(), REPLACE_EXISTING);
    assertNamed("unsupported type (DSA)");
  }

  private void assertNamed(String kind) throws Exception {
    String problem = refusal("");
    assertTrue(problem.contains(key().toString()), problem);
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
    openssl(how + " -out key.pem");
    openssl("ec -param_enc named_curve -in key.pem -out plain.pem");
    certificate();
    String problem = refusal("");
    assertTrue(problem.contains("given by parameters"), problem);
    followHint(problem, "");
    assertServed("");
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
    openssl(P256 + " -out plain.pem");
    certificate();
    openssl(how + (how.startsWith("pkcs12") ? "" : " -in plain.pem") + " -out key.pem");
    String problem = refusal("");
    assertTrue(problem.contains("not PEM"), problem);
    followHint(problem, how.contains("secret") ? " -passin " + PASSPHRASE : "");
    assertServed("");
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
    openssl("ecparam -genkey -name prime256v1 -out parameters.pem");
    openssl("pkey -in parameters.pem -out plain.pem");
    certificate();
    String plain = read("plain.pem");
    Files.writeString(
        key(),
        switch (form) {
          case "EC PARAMETERS before it" -> read("parameters.pem");
          case "traditional" ->
              read("parameters.pem").replaceFirst("(?s)^.*END EC PARAMETERS-----\n", "");
          case "the certificate before it", "one file for both" -> read("cert.pem") + plain;
          case "the certificate after it" -> plain + read("cert.pem");
          case "lines of DOS" -> plain.replace("\n", "\r\n");
          case "a byte order mark" -> "\ufeff" + plain;
          case "attributes" -> pkcs8(plain, new DERSet(), null);
          case "the public key" -> pkcs8(plain, null, new byte[] {4, 1, 2});
          default ->
              "Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n" + plain;
        });
    if (form.equals("one file for both")) {
      Files.copy(key(), directory.resolve("cert.pem"), REPLACE_EXISTING);
    }
    assertServed("");
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

  @Test
  void anEmptyPassphraseIsToBeTakenOff() throws Exception {
    openssl(P256 + " -out plain.pem");
    certificate();
    openssl("pkcs8 -topk8 -in plain.pem -out key.pem -v2 aes-256-cbc -passout pass:");
    assertTrue(refusal("").contains("the key is encrypted"));
    Map<String, String> flags = flags("x");
    Files.writeString(directory.resolve("passphrase"), "\n");
    OptionValues values = OptionSources.read(flags, Map.of(), directory.resolve("none.cnf"));
    String problem =
        String.valueOf(
            assertThrows(OptionException.class, () -> OwnCertificate.load(values)).getMessage());
    assertTrue(problem.contains("if it is empty, take it off: openssl pkey"), problem);
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
    openssl(P256 + " -out plain.pem");
    certificate();
    for (String body : List.of("", "MAA=", "AAAA", "MAMCAQA=")) {
      for (String headers :
          List.of(
              "",
              "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n",
              "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC\n\n",
              "Proc-Type: 4,ENCRYPTED\n\n")) {
        Files.writeString(
            key(),
            "-----BEGIN " + type + "-----\n" + headers + body + "\n-----END " + type + "-----\n");
        assertFalse(problem("secret").isEmpty());
        assertFalse(problem("").isEmpty());
      }
    }
  }
}
