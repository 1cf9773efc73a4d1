package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How certificates and their authority are renewed, listed and replaced. */
class CertsLifeCommandTest {
  private static final String NAMES = "--san=DNS:db.example.com,IP:10.0.0.1,URI:spiffe://a/db";

  private final Path directory;

  CertsLifeCommandTest(@TempDir Path temporary) {
    directory = temporary.resolve("certs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048"})
  void aRenewedCertificateIsForTheSameNamesAndUsesAndHasANewKeyOfTheSameKind(String type)
      throws Exception {
    certs(NAMES, "--server-subject=/C=US/CN=db", "--key-type=" + type, "--days=100");
    X509Certificate before = certificate("server");
    String key = text("server-key.pem");

    certs("renew", "server");

    X509Certificate after = certificate("server");
    assertSameOwner(before, after);
    assertNotEquals(before.getSerialNumber(), after.getSerialNumber());
    assertNotEquals(before.getPublicKey(), after.getPublicKey());
    assertNotEquals(key, text("server-key.pem"));
    assertEquals(before.getPublicKey().getAlgorithm(), after.getPublicKey().getAlgorithm());
    assertTrue(!type.startsWith("RSA") || bits(after) == 2048);
    after.verify(authorities().get(0).getPublicKey());
    assertEquals(days(before), days(after));
  }

  @Test
  void theKeyStaysWhereThatIsAskedFor() throws Exception {
    certs();
    X509Certificate before = certificate("client");
    String key = text("client-key.pem");

    certs("renew", "client", "--key=SAME", "--days=7");

    assertEquals(before.getPublicKey(), certificate("client").getPublicKey());
    assertEquals(key, text("client-key.pem"));
    assertEquals(7, days(certificate("client")));
  }

  @Test
  void forceKeepsWhatNoFlagGives() throws Exception {
    certs(NAMES, "--key-type=RSA-2048", "--server-subject=/C=US/CN=db");
    certs("client", "laura", "--subject=/C=US/CN=L", "--san=email:l@a.com", "--key-type=RSA-2048");
    X509Certificate server = certificate("server");
    X509Certificate laura = certificate("laura");

    certs("server", "--force");
    certs("client", "laura", "--force");

    assertSameOwner(server, certificate("server"));
    assertSameOwner(laura, certificate("laura"));
    assertEquals(2048, bits(certificate("server")));
    assertEquals(2048, bits(certificate("laura")));

    certs("client", "laura", "--force", "--san=email:x@a.com", "--key-type=EC-P256");

    assertEquals(laura.getSubjectX500Principal(), certificate("laura").getSubjectX500Principal());
    assertEquals(
        List.of(List.of(1, "x@a.com")),
        List.copyOf(certificate("laura").getSubjectAlternativeNames()));
    assertEquals("EC", certificate("laura").getPublicKey().getAlgorithm());
  }

  @Test
  void allThatEndSoonAreRenewedButNoneThatIsRevoked() throws Exception {
    certs();
    certs("client", "laura", "--days=10");
    certs("client", "mark", "--days=10");
    certs("revoke", directory.resolve("mark-cert.pem").toString());
    X509Certificate server = certificate("server");
    X509Certificate mark = certificate("mark");

    Invocation outcome = certs("renew", "--ending-within=30", "--days=365");

    assertTrue(outcome.out().startsWith("laura-cert.pem: renewed until "), outcome::out);
    assertEquals(1, outcome.out().lines().count());
    assertEquals(365, days(certificate("laura")));
    assertEquals(server, certificate("server"));
    assertEquals(mark, certificate("mark"));
    assertTrue(certs("renew", "--ending-within=30").out().startsWith("nothing ends within 30"));
  }

  @Test
  void aRevokedCertificateIsNotRenewed() throws Exception {
    certs();
    certs("revoke", directory.resolve("client-cert.pem").toString());

    Invocation outcome = run("renew", "server", "client");

    assertEquals(1, outcome.status());
    assertTrue(outcome.err().contains("client-cert.pem: is revoked; make a new one"), outcome::err);
  }

  /** The proxy's user can then read the new key as it could the old one. */
  @Test
  void aReplacedKeyKeepsItsModeAndItsOwner() throws IOException {
    certs();
    Path key = directory.resolve("server-key.pem");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    boolean root = System.getProperty("user.name").equals("root");
    if (root) {
      Files.setAttribute(key, "unix:uid", 3307);
    }

    certs("renew", "server");

    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    assertTrue(!root || Files.getAttribute(key, "unix:uid").equals(3307));
  }

  @Test
  void aKeyIsNotGivenToSomebodyWhoMayHavePutTheFileThere() throws Exception {
    certs();
    Path key = directory.resolve("server-key.pem");
    UserPrincipal nobody =
        key.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    try {
      Files.setOwner(key, nobody);
    } catch (IOException e) {
      Assumptions.abort("only root can give files away");
    }
    String before = text("server-key.pem");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

    Invocation refused = run("renew", "server");

    assertEquals(1, refused.status());
    assertTrue(
        refused
            .err()
            .contains(
                "server-key.pem: belongs to nobody, and everyone on this machine could have put it"
                    + " there; run chmod o-w on its directory"),
        refused::err);
    assertEquals(before, text("server-key.pem"));

    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    certs("renew", "server");
    assertEquals(nobody, Files.getOwner(key));
  }

  @Test
  void aLinkInThePlaceOfTheLockIsNotFollowed() throws Exception {
    certs();
    Path elsewhere = directory.resolveSibling("elsewhere");
    Files.delete(directory.resolve(".certs.lock"));
    Files.createSymbolicLink(directory.resolve(".certs.lock"), elsewhere);

    assertEquals(1, run("renew", "server").status());
    assertFalse(Files.exists(elsewhere));
  }

  @Test
  void aCertificateEndsWithItsAuthorityAndThatIsRenewedFirst() throws Exception {
    certs("--days=10", "--ca-days=10");

    Invocation refused = run("renew", "server", "--days=11");

    assertEquals(1, refused.status());
    assertTrue(refused.err().contains("certs renew ca"), refused::err);
    certs("renew", "ca", "--days=100");
    certs("renew", "server", "--days=90");
    assertEquals(90, days(certificate("server")));
  }

  @Test
  void anAuthorityThatKeepsItsKeyVerifiesWhatItHasSignedBefore() throws Exception {
    certs("--ca-subject=/O=Example/CN=CA");
    X509Certificate before = authorities().get(0);
    String key = text("ca-key.pem");

    certs("renew", "ca");

    List<X509Certificate> both = authorities();
    assertEquals(before, both.get(1));
    assertEquals(2, both.size());
    assertSameOwner(before, both.get(0));
    assertNotEquals(before.getSerialNumber(), both.get(0).getSerialNumber());
    assertEquals(key, text("ca-key.pem"));
    certificate("client").verify(both.get(0).getPublicKey());
    certs("client", "laura");
    certificate("laura").verify(before.getPublicKey());
    assertTrue(certs("retire").out().contains("removed 1"));
    assertEquals(List.of(both.get(0)), authorities());
  }

  @Test
  void anAuthorityWithANewKeyIsTrustedBesideTheOneBeforeUntilNothingNeedsThat() throws Exception {
    certs();
    certs("revoke", directory.resolve("client-cert.pem").toString());
    certs("client", "client", "--force");
    X509Certificate before = authorities().get(0);

    certs("renew", "ca", "--key=NEW");

    List<X509Certificate> both = authorities();
    assertEquals(before, both.get(1));
    assertNotEquals(before.getPublicKey(), both.get(0).getPublicKey());
    assertEquals(before.getSubjectX500Principal(), both.get(0).getSubjectX500Principal());
    assertEquals(2, count("BEGIN X509 CRL", text("crl.pem")), "one for each key");
    Invocation tooEarly = run("retire");
    assertEquals(1, tooEarly.status());
    assertTrue(tooEarly.err().contains("client-cert.pem: was signed by"), tooEarly::err);
    assertEquals(1, run("renew", "ca", "--key=NEW").status());

    certs("renew", "server", "client");
    certificate("client").verify(both.get(0).getPublicKey());
    certs("retire");

    assertEquals(List.of(both.get(0)), authorities());
    assertEquals(1, count("BEGIN X509 CRL", text("crl.pem")));
    assertFalse(Files.exists(directory.resolve("ca-key.previous.pem")));
  }

  @Test
  void theListSaysForWhomUntilWhenAndWhatIsRevoked() throws IOException {
    certs("--days=300", NAMES);
    certs("client", "laura", "--days=20");
    certs("revoke", directory.resolve("laura-cert.pem").toString());
    certs("renew", "client", "--days=30");

    List<String> lines = certs("list").out().lines().toList();

    assertEquals(6, lines.size(), lines::toString);
    assertTrue(lines.get(1).matches(".*valid, 36(49|50) days +ca-cert.pem .*"), lines::toString);
    assertTrue(
        lines.get(2).matches(".*valid, (29|30) days +client-cert.pem +/CN=client \\([0-9A-F]+\\)"),
        lines::toString);
    assertTrue(lines.get(3).matches(".*revoked \\S+ +laura-cert.pem +/CN=laura .*"));
    assertTrue(lines.get(4).contains("DNS:db.example.com,IP:10.0.0.1,URI:spiffe://a/db"));
    assertTrue(lines.get(5).matches(".*valid, (299|300) days +- +/CN=client .*"), lines::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "renew | certs renew: nothing to renew; give either names",
        "renew server --ending-within=3 | certs renew: names and --ending-within; give either",
        "renew ca server | ca: not the name of a certificate's files",
        "renew ../x | ../x: not the name of a certificate's files",
        "renew server --key=OLD | --key=OLD: neither NEW nor SAME; give NEW or SAME",
        "renew server --days=0 | --days=0: not a number of days",
      })
  void aWrongFlagIsOneLineWithStatus2(String command, String message) {
    Invocation outcome = run(command.split(" ", -1));

    assertEquals(2, outcome.status());
    assertTrue(outcome.err().startsWith("mysql-tls-proxy: " + message), outcome::err);
  }

  private Invocation run(String... words) {
    return Invocation.of(
        Stream.of(Stream.of("certs"), Stream.of(words), Stream.of("--dir=" + directory))
            .flatMap(each -> each)
            .toArray(String[]::new));
  }

  private Invocation certs(String... words) {
    Invocation outcome = run(words);
    assertEquals(0, outcome.status(), outcome::err);
    return outcome;
  }

  private String text(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private X509Certificate certificate(String name) throws Exception {
    return certificates(name).get(0);
  }

  private List<X509Certificate> authorities() throws Exception {
    return certificates("ca");
  }

  private List<X509Certificate> certificates(String name) throws Exception {
    try (var in = Files.newInputStream(directory.resolve(name + "-cert.pem"))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .toList();
    }
  }

  private static void assertSameOwner(X509Certificate before, X509Certificate after)
      throws Exception {
    assertEquals(before.getSubjectX500Principal(), after.getSubjectX500Principal());
    assertEquals(
        String.valueOf(before.getSubjectAlternativeNames()),
        String.valueOf(after.getSubjectAlternativeNames()));
    assertEquals(before.getExtendedKeyUsage(), after.getExtendedKeyUsage());
    assertArrayEquals(before.getKeyUsage(), after.getKeyUsage());
    assertEquals(before.getBasicConstraints(), after.getBasicConstraints());
  }

  private static long days(X509Certificate certificate) {
    return Duration.between(
            certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant())
        .toDays();
  }

  private static int bits(X509Certificate certificate) {
    return ((RSAPublicKey) certificate.getPublicKey()).getModulus().bitLength();
  }

  private static int count(String part, String text) {
    return text.split(part, -1).length - 1;
  }
}
