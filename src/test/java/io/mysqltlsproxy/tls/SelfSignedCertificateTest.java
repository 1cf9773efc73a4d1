package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class SelfSignedCertificateTest {
  private final Instant now = Instant.now();

  private final Path directory;
  private final Path kept;
  private final Path file;

  SelfSignedCertificateTest(@TempDir Path directory) {
    this.directory = directory;
    this.kept = directory.resolve("kept");
    this.file = kept.resolve("self-signed.pem");
  }

  @Test
  void withoutADirectoryItStaysTheSameUntilThirtyDaysBeforeItsEnd() throws Exception {
    OwnCertificate first = load(Optional.empty(), now);
    assertEquals("EC", first.key().getAlgorithm());
    assertEquals(first, load(Optional.of(first), now.plus(Duration.ofDays(366))));

    OwnCertificate next = load(Optional.of(first), now.plus(Duration.ofDays(368)));
    assertNotEquals(first, next);
    next.chain().get(0).verify(next.chain().get(0).getPublicKey());
  }

  @Test
  void inADirectoryItOutlivesTheProcessAndOnlyItsOwnerCanReadIt() throws Exception {
    OwnCertificate first = load(Optional.empty(), now, "ssl-self-signed-dir=" + kept);

    assertEquals(first.chain(), load(Optional.empty(), now, "ssl-self-signed-dir=" + kept).chain());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void inADirectoryItIsReplacedThirtyDaysBeforeItsEnd() throws Exception {
    OwnCertificate first = load(Optional.empty(), now, "ssl-self-signed-dir=" + kept);
    Instant late = now.plus(Duration.ofDays(368));
    OwnCertificate next = load(Optional.of(first), late, "ssl-self-signed-dir=" + kept);

    assertNotEquals(first.chain(), next.chain());
    assertEquals(next.chain(), load(Optional.empty(), late, "ssl-self-signed-dir=" + kept).chain());
  }

  @Test
  void aDamagedFileIsAnErrorAndIsNotReplaced() throws Exception {
    Files.createDirectories(kept);
    Files.writeString(file, "damaged");

    OptionException e =
        assertThrows(
            OptionException.class,
            () -> load(Optional.empty(), now, "ssl-self-signed-dir=" + kept));
    assertTrue(String.valueOf(e.getMessage()).contains(file.toString()), e.getMessage());
    assertEquals("damaged", Files.readString(file));
  }

  @Test
  void aFileThatEveryoneCouldReadIsReplacedByOneThatOnlyItsOwnerCan() throws Exception {
    OwnCertificate first = load(Optional.empty(), now, "ssl-self-signed-dir=" + kept);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    OwnCertificate next = load(Optional.empty(), now, "ssl-self-signed-dir=" + kept);
    assertNotEquals(first.chain(), next.chain());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void itsRenewalMakesNoSecretOfAReadingGroupAnybodyElses() throws Exception {
    load(Optional.empty(), now, "ssl-self-signed-dir=" + kept);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));

    load(Optional.empty(), now.plus(Duration.ofDays(368)), "ssl-self-signed-dir=" + kept);
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aSymbolicLinkIsAnErrorWhateverItLeadsTo() throws Exception {
    load(Optional.empty(), now, "ssl-self-signed-dir=" + kept);
    Files.move(file, directory.resolve("elsewhere.pem"));
    Files.createSymbolicLink(file, directory.resolve("elsewhere.pem"));

    OptionException e =
        assertThrows(
            OptionException.class,
            () -> load(Optional.empty(), now, "ssl-self-signed-dir=" + kept));
    assertTrue(String.valueOf(e.getMessage()).contains("is a symbolic link"), e.getMessage());
    assertTrue(Files.isSymbolicLink(file));
  }

  /** Only root can give a file away. */
  @Test
  @EnabledIfSystemProperty(named = "user.name", matches = "root")
  void aFileOfAnotherUserIsAnError() throws Exception {
    load(Optional.empty(), now, "ssl-self-signed-dir=" + kept);
    Files.setAttribute(file, "unix:uid", 4711);

    OptionException e =
        assertThrows(
            OptionException.class,
            () -> load(Optional.empty(), now, "ssl-self-signed-dir=" + kept));
    assertTrue(String.valueOf(e.getMessage()).contains("belongs to uid 4711"), e.getMessage());
  }

  @Test
  void aDirectoryThatCannotBeWrittenToIsAnError() throws Exception {
    Path blocked = Files.writeString(directory.resolve("blocked"), "");

    OptionException e =
        assertThrows(
            OptionException.class,
            () -> load(Optional.empty(), now, "ssl-self-signed-dir=" + blocked));
    assertTrue(String.valueOf(e.getMessage()).startsWith("--ssl-self-signed-dir"), e.getMessage());
  }

  @Test
  void aTrialWritesNothing() throws Exception {
    ServerTls.load(values("ssl-self-signed-dir=" + kept)).close();

    assertFalse(Files.exists(kept));
  }

  @Test
  void whatContradictsItIsAnError() {
    refused("--ssl-key-passphrase-file", "ssl-key-passphrase-file=/none");
    refused("--ssl-cert", "ssl-key=/none");
    refused("--ssl-key", "ssl-cert=/none");
    refused("--ssl-self-signed-dir", "ssl-cert=/none", "ssl-key=/none", "ssl-self-signed-dir=/x");
  }

  private void refused(String option, String... flags) {
    OptionException e = assertThrows(OptionException.class, () -> ServerTls.load(values(flags)));
    assertTrue(String.valueOf(e.getMessage()).startsWith(option), e.getMessage());
  }

  private OwnCertificate load(Optional<OwnCertificate> before, Instant at, String... flags)
      throws OptionException {
    return SelfSignedCertificate.load(values(flags), before, true, at);
  }

  private OptionValues values(String... flags) throws OptionException {
    Map<String, String> all = new HashMap<>();
    for (String flag : flags) {
      int equals = flag.indexOf('=');
      all.put(flag.substring(0, equals), flag.substring(equals + 1));
    }
    return OptionSources.read(all, Map.of(), directory.resolve("none.cnf"));
  }
}
