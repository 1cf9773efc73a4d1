package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that {@code certs} writes, and those that it does not. */
class CertsCommandTest {
  private final Path directory;

  CertsCommandTest(@TempDir Path temporary) {
    directory = temporary.resolve("certs");
  }

  private Invocation certs(String... words) {
    return Invocation.of(
        Stream.of(Stream.of("certs"), Stream.of(words), Stream.of("--dir=" + directory))
            .flatMap(each -> each)
            .toArray(String[]::new));
  }

  private void done(String... words) {
    Invocation outcome = certs(words);
    assertEquals(0, outcome.status(), outcome::err);
    assertEquals("", outcome.err());
  }

  /** Every file of the directory with its text. */
  private Map<String, String> files() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    texts.remove(".certs.lock");
    return texts;
  }

  @Test
  void theFilesHaveTheNamesOfMysqlsDocumentationAndKeysAreTheirOwnersAlone() throws IOException {
    done();

    for (String name : new String[] {"ca", "server", "client"}) {
      assertEquals("rw-r--r--", permissions(name + "-cert.pem"));
      assertEquals("rw-------", permissions(name + "-key.pem"));
    }
    assertEquals(9, files().size(), () -> "beside them: index.txt, index.txt.attr, crlnumber");
  }

  private String permissions(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca-cert.pem", "client-key.pem", "index.txt"})
  void oneFileThatIsThereAlreadyKeepsAllFromBeingWritten(String file) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(file), "precious");

    Invocation outcome = certs();

    assertEquals(1, outcome.status());
    assertEquals(
        "mysql-tls-proxy: %s: already exists; choose another --dir, or overwrite it with --force;"
                .formatted(directory.resolve(file))
            + " nothing was written\n",
        outcome.err());
    assertEquals(Map.of(file, "precious"), files());
  }

  @Test
  void aFileThatCannotBeOverwrittenLeavesAllAsItWas() throws IOException {
    done();
    Path key = directory.resolve("client-key.pem");
    Files.delete(key);
    Files.createDirectories(key.resolve("in the way"));
    Map<String, String> before = files();

    Invocation outcome = certs("--force");

    assertEquals(1, outcome.status());
    assertTrue(outcome.err().endsWith("nothing was changed\n"), outcome.err());
    assertEquals(before, files());
    assertTrue(Files.isDirectory(key.resolve("in the way")));
  }

  @Test
  void forceMakesANewAuthority() throws IOException {
    done();
    Map<String, String> before = files();

    done("--force");

    assertEquals(before.keySet(), files().keySet());
    assertNotEquals(before.get("ca-cert.pem"), files().get("ca-cert.pem"));
  }

  @Test
  void oneMoreClientLeavesTheOthersAlone() throws IOException {
    done();
    Map<String, String> before = files();

    done("client", "laura");

    Map<String, String> after = files();
    assertTrue(after.keySet().containsAll(before.keySet()));
    before.remove("index.txt");
    before.forEach((name, text) -> assertEquals(text, after.get(name), name));
    assertEquals("rw-------", permissions("laura-key.pem"));
    assertEquals(1, certs("client", "laura").status());
    assertEquals(after, files());
  }

  @Test
  void aListOfRevocationsIsNotMadeAnewWithoutWhatItWasMadeFrom() throws IOException {
    done();
    done("revoke", directory.resolve("client-cert.pem").toString());
    Map<String, String> before = files();
    for (String file : new String[] {"index.txt", "crlnumber"}) {
      Files.delete(directory.resolve(file));

      Invocation outcome = certs("crl");

      assertEquals(1, outcome.status());
      assertTrue(outcome.err().contains(file + ": is gone, but not "), outcome.err());
      Files.writeString(directory.resolve(file), before.get(file));
    }
    assertEquals(before, files());
  }

  private String indexLine(int number) throws IOException {
    return Files.readAllLines(directory.resolve("index.txt")).get(number);
  }

  @Test
  void aCertificateIsRevokedOnceByItsFileOrItsSerialNumber() throws IOException {
    done();
    String serial = indexLine(1).split("\t", -1)[3];

    done("revoke", serial);
    String revoked = indexLine(1);
    done("revoke", directory.resolve("client-cert.pem").toString());

    assertTrue(revoked.startsWith("R\t"), revoked);
    assertEquals(revoked, indexLine(1));
    assertEquals("03\n", files().get("crlnumber"));
  }

  @Test
  void onlyWhatTheAuthorityHasSignedIsRevoked(@TempDir Path elsewhere) throws IOException {
    done();
    Map<String, String> before = files();
    Path stranger = elsewhere.resolve("client-cert.pem");
    assertEquals(0, Invocation.of("certs", "--dir=" + elsewhere).status());

    Invocation outcome = certs("revoke", stranger.toString());

    assertEquals(1, outcome.status());
    assertEquals(
        "mysql-tls-proxy: " + stranger + ": was not signed by this CA; give its own --dir\n",
        outcome.err());
    assertEquals(1, certs("revoke", "4711").status());
    assertEquals(before, files());
  }

  @Test
  void withoutAnAuthorityNothingIsMadeBelowIt() {
    Invocation outcome = certs("client", "laura");

    assertEquals(1, outcome.status());
    assertTrue(
        outcome.err().endsWith("no such directory; create a CA with mysql-tls-proxy certs first\n"),
        outcome.err());
    assertTrue(Files.notExists(directory));
  }

  @Test
  void aCertificateDoesNotOutliveItsAuthority() {
    done("--days=10", "--ca-days=20");

    Invocation outcome = certs("client", "laura", "--days=21");

    assertEquals(1, outcome.status());
    assertTrue(outcome.err().contains("--days=21: longer than the CA"), outcome.err());
    assertTrue(outcome.err().endsWith("give at most 19\n") || outcome.err().endsWith("20\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          --key-type=DSA ~ --key-type=DSA: not a key type; give EC-P256, RSA-2048, RSA-3072, RSA-4096
          --days=0 ~ --days=0: not a number of days; give a whole number from 1 to 36500
          --days=3651 ~ --days=3651: longer than the CA's lifetime; give at most --ca-days=3650
          --san=db.example.com ~ --san=db.example.com: 'db.example.com' is not an alternative name; list \
          names such as DNS:db.example.com, IP:10.0.0.1, URI:spiffe://example.com/db or \
          email:dba@example.com, separated by commas
          --client-subject=laura ~ --client-subject=laura: no name; write it as in \
          /C=US/O=Example/CN=laura
          --client-subject=/CN=a/b ~ --client-subject=/CN=a/b: 'b' is not part of a name; give parts \
          such as /CN=laura of the types C, ST, L, O, OU, CN, emailAddress, UID, DC
          --client-subject=/CN=a+b ~ --client-subject=/CN=a+b: 'a+b' contains a / or + or \\ or a control \
          character; write it without
          --ca-subject=/CN=client ~ --ca-subject=/CN=client: another certificate already has this name; \
          give each its own
          client ca ~ ca: not a name for a client's files; give letters, digits and . _ - @, not ca or \
          server
          client ../laura ~ ../laura: not a name for a client's files; give letters, digits and . _ - @, \
          not ca or server
          --force client laura ~ --force: given before client; write it after that
          revoke ~ FILE|SERIAL: missing; mysql-tls-proxy certs revoke --help lists what there is
          """)
  void aWrongFlagIsOneLineWithStatus2AndNothingIsWritten(String command, String message) {
    Invocation outcome = certs(command.split(" "));

    assertEquals(Invocation.wrongOptions(message), outcome);
    assertTrue(Files.notExists(directory));
  }
}
