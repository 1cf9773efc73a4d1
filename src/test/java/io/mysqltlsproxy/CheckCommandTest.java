package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check} as its users call it. */
class CheckCommandTest {
  private static final ProxyCertificates CERTIFICATES = ProxyCertificates.shared();

  private final Path directory;

  CheckCommandTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Invocation check(String... flags) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "check",
                "--port=0",
                "--ssl-cert=" + CERTIFICATES.serverCert(),
                "--ssl-key=" + CERTIFICATES.serverKey(),
                "--ssl-ca=" + CERTIFICATES.ca(),
                "--accounts=" + directory.resolve("accounts.sql")));
    args.addAll(List.of(flags));
    return Invocation.of(args.toArray(String[]::new));
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        directory.resolve("accounts.sql"),
        """
        CREATE USER 'laura'@'10.0.%' REQUIRE SUBJECT '/CN=laura/O=Test';
        CREATE USER 'app'@'localhost' REQUIRE NONE;
        CREATE USER 'old'@'%' REQUIRE CIPHER 'ECDHE-RSA-AES128-GCM-SHA256';
        """);
    for (String name : List.of("laura", "mallory")) {
      client(name).writeCertificate(directory.resolve(name + ".pem"));
    }
    CERTIFICATES
        .authority()
        .certificate("CN=laura,O=Test")
        .expired()
        .issue()
        .writeCertificate(directory.resolve("expired.pem"));
  }

  private static Issued client(String name) {
    return CERTIFICATES.authority().issueClient("CN=" + name + ",O=Test", KeyType.EC);
  }

  @Test
  void whereNothingIsWrongTheStatusIs0AndEachLineBeginsWithItsLevel() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite()) {
      Invocation result = check("--backend=127.0.0.1:" + server.port());
      assertEquals("", result.err());
      assertEquals(0, result.status(), result.out());
      assertTrue(
          result.out().lines().allMatch(line -> line.matches("(ok|warning) +[a-z-]+: .+")),
          result.out());
      assertTrue(result.out().contains("\nok      key-pair: the key is that of "), result.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048"})
  void whatCertsMakesIsFoundToBeInOrder(String keyType) throws IOException {
    Path accounts = directory.resolve("made.sql");
    Files.writeString(accounts, "CREATE USER 'laura'@'%' REQUIRE SUBJECT '/CN=client';");
    String made = directory.resolve("made").toString();
    assertEquals(0, Invocation.of("certs", "--dir=" + made, "--key-type=" + keyType).status());
    assertEquals(0, Invocation.of("certs", "crl", "--dir=" + made).status());

    Invocation result =
        check(
            "--backend=unix:/no/such.sock",
            "--ssl-cert=" + made + "/server-cert.pem",
            "--ssl-key=" + made + "/server-key.pem",
            "--ssl-ca=" + made + "/ca-cert.pem",
            "--ssl-crl=" + made + "/crl.pem",
            "--accounts=" + accounts,
            "--require=X509",
            "--name=localhost",
            "--name=::1");

    assertEquals("", result.err());
    assertTrue(
        result
            .out()
            .lines()
            .allMatch(line -> line.startsWith("ok ") || line.startsWith("wrong   server: ")),
        result.out());
  }

  @Test
  void aServerThatDoesNotAnswerIsWrongWithStatus1() {
    Invocation result = check("--backend=unix:/no/such.sock");
    assertEquals(1, result.status());
    assertTrue(
        result.out().contains("\nwrong   server: --backend=unix:/no/such.sock does not answer: "),
        result.out());
  }

  @Test
  void jsonIsOneDocumentWithStableKeys() {
    Invocation result = check("--backend=unix:/no/such.sock", "--format=json");
    assertEquals(1, result.status());
    assertTrue(result.out().startsWith("{\n  \"wrong\" : 1,\n  \"warnings\" : 0,"), result.out());
    assertTrue(
        result.out().contains("\"item\" : \"server\",\n    \"level\" : \"wrong\",\n"),
        result.out());
    assertTrue(result.out().contains("\"cure\" : null"), result.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --user=laura --host=10.0.0.7 --client-cert=laura.pem | admitted by 'laura'@'10.0.%' (
          --user=app --host=localhost | admitted by 'app'@'localhost' (
          --user=app --host=127.0.0.1 --plain --require-secure-transport=OFF | , without TLS
          --user=anna --host=::1 | admitted by --require, over TLS_AES_128_GCM_SHA256
          --user=old --host=10.9.9.9 --client-cert=laura.pem --tls-cipher=ECDHE-RSA-AES128-GCM-SHA256 | 'old'@'%'
          """)
  void aClientThatWouldComeInIsAdmittedByItsRule(String flags, String by) {
    Invocation result = check(inDirectory(flags));
    assertEquals("", result.err());
    assertTrue(result.out().startsWith("admitted by "), result.out());
    assertTrue(result.out().contains(by), result.out());
    assertEquals(0, result.status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --user=laura --host=10.0.0.7 --client-cert=mallory.pem | 'mallory', the rule wants 'laura'
          --user=laura --host=10.0.0.7 | no certificate
          --user=laura --host=10.0.0.7 --client-cert=expired.pem | the TLS handshake fails: the certificate
          --user=app --host=localhost --plain | ERROR 3159 (HY000)
          --user=old --host=10.9.9.9 --client-cert=laura.pem | CIPHER: the connection uses 'TLS_AES_128_GCM_SHA256'
          --user=app --host=localhost --tls-cipher=RC4-MD5 | no cipher in common
          """)
  void aClientThatWouldNotComeInIsRefusedWithTheReason(String flags, String reason) {
    Invocation result = check(inDirectory(flags));
    assertEquals("", result.err());
    assertTrue(result.out().startsWith("refused: "), result.out());
    assertTrue(result.out().contains(reason), result.out());
    assertEquals(1, result.status());
  }

  private String[] inDirectory(String flags) {
    return flags.replace("--client-cert=", "--client-cert=" + directory + "/").split(" ");
  }

  @Test
  void theDryRunSpeaksJsonToo() {
    Invocation result = check("--user=app", "--host=localhost", "--format=json");
    assertTrue(result.out().startsWith("{\n  \"admitted\" : true,"), result.out());
    assertTrue(result.out().contains("\"error\" : null"), result.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --format=xml | --format=xml: not a format; give text or json
          --user=laura | --host: missing, while other client options are given; write --host=ADDRESS
          --host=10.0.0.7 | --user: missing, while other client options are given; write --user=NAME
          --user=a --host=example.com | --host=example.com: no IP address, and no name is resolved; \
          give the address
          --user=a --host=::1 --client-cert=/none.pem | --client-cert=/none.pem: no such file; check \
          the path
          --prot=1 | --prot: unknown option; did you mean --port?
          """)
  void aWrongOptionIsOneLineWithStatus2(String flags, String message) {
    assertEquals(Invocation.wrongOptions(message), check(flags.split(" ")));
  }
}
