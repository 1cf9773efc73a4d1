package io.mysqltlsproxy.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfSignedCheckTest {
  private final Path kept;
  private final Path file;

  SelfSignedCheckTest(@TempDir Path directory) {
    this.kept = directory.resolve("kept");
    this.file = kept.resolve("self-signed.pem");
  }

  @Test
  void aDirectoryThatIsNotThereYetIsMadeByRun() throws Exception {
    assertEquals(List.of(Level.OK), levels());
    assertTrue(findings().get(0).message().contains("run creates it"));
    assertTrue(Files.notExists(kept));
  }

  @Test
  void aDirectoryOfTheProxysOwnIsAllRight() throws Exception {
    make("rwx------");
    write("rw-------");

    assertEquals(List.of(Level.OK), levels());
  }

  @Test
  void aFileInThePlaceOfTheDirectoryIsWrong() throws Exception {
    Files.writeString(kept, "");

    finds(Level.WRONG, "is not a directory");
  }

  @ParameterizedTest
  @CsvSource({
    "rwxrwxrwx, WRONG, everyone on this machine can replace the certificate in",
    "rwxrwx---, WARNING, the group of",
  })
  void whoCanWriteToTheDirectoryCanReplaceTheCertificate(
      String permissions, Level level, String message) throws Exception {
    make(permissions);

    finds(level, message);
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r--r--, 'everyone on this machine can use'",
    "rw-r-----, the group of",
  })
  void whoCanReadTheFileKnowsTheKey(String permissions, String message) throws Exception {
    make("rwx------");
    write(permissions);

    finds(Level.WARNING, message);
  }

  @Test
  void aSymbolicLinkIsWrong() throws Exception {
    make("rwx------");
    Files.createSymbolicLink(file, kept.resolve("elsewhere.pem"));

    finds(Level.WRONG, "is a symbolic link");
  }

  /** Only root can give a file away. */
  @Test
  @EnabledIfSystemProperty(named = "user.name", matches = "root")
  void whatBelongsToAnotherUserIsWrong() throws Exception {
    make("rwx------");
    Files.setAttribute(kept, "unix:uid", 4711);
    finds(Level.WARNING, "belongs to uid 4711");

    write("rw-------");
    Files.setAttribute(file, "unix:uid", 4711);
    finds(Level.WRONG, "self-signed.pem belongs to uid 4711");
  }

  private void make(String permissions) throws IOException {
    Files.createDirectory(kept);
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString(permissions));
  }

  private void write(String permissions) throws IOException {
    Files.writeString(file, "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private void finds(Level level, String message) throws Exception {
    List<Finding> findings = findings();
    assertTrue(
        findings.stream()
            .anyMatch(found -> found.level() == level && found.message().contains(message)),
        findings::toString);
    assertTrue(
        findings.stream().allMatch(found -> found.level() == Level.OK || !found.hint().isEmpty()),
        findings::toString);
  }

  private List<Level> levels() throws Exception {
    return findings().stream().map(Finding::level).toList();
  }

  private List<Finding> findings() throws OptionException {
    Findings findings = new Findings();
    SelfSignedCheck.check(
        OptionSources.read(
            Map.of("ssl-self-signed-dir", kept.toString()),
            Map.of(),
            kept.resolveSibling("none.cnf")),
        findings);
    return findings.all();
  }
}
