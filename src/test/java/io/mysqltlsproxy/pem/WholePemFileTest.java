package io.mysqltlsproxy.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.KeyType;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are cut off, too long, or no files at all. */
class WholePemFileTest {
  private final Path dir;

  WholePemFileTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void aBundleThatIsCutOffAnywhereButBehindABlockIsAnError() throws Exception {
    Path file = dir.resolve("ca.pem");
    CertificateAuthority.create("CN=One", KeyType.EC).issued().writeCertificate(file);
    String one = Files.readString(file);
    CertificateAuthority.create("CN=Two", KeyType.EC).issued().writeCertificate(file);
    String both = one + Files.readString(file);
    for (int length = 0; length < both.length(); length++) {
      Files.writeString(file, both.substring(0, length));
      boolean atAnEnd = one.length() - 1 <= length && length <= one.length();
      boolean lacksTheLastNewline = length == both.length() - 1;
      if (atAnEnd) {
        assertEquals(1, PemFile.read(file).blocks().size());
      } else if (lacksTheLastNewline) {
        assertEquals(2, PemFile.read(file).blocks().size());
      } else {
        int cut = length;
        assertThrows(UnusableFileException.class, () -> PemFile.read(file), () -> "cut at " + cut);
      }
    }
  }

  @Test
  void aFifoIsRejectedWithoutBeingOpenedAndSoIsADevice() throws Exception {
    Path fifo = dir.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    for (Path path : new Path[] {fifo, Path.of("/dev/zero")}) {
      assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () ->
              assertEquals(
                  "is not a regular file but a FIFO, a socket or a device",
                  assertThrows(UnusableFileException.class, () -> RegularFile.read(path, 1 << 20))
                      .getMessage()));
    }
  }

  @Test
  void aFileOfMoreThanItsBoundIsNotReadToItsEnd() throws Exception {
    Path file = Files.write(dir.resolve("long"), new byte[(1 << 20) + 1]);

    UnusableFileException e =
        assertThrows(UnusableFileException.class, () -> RegularFile.read(file, 1 << 20));

    assertEquals("is longer than 1 MiB", e.getMessage());
  }

  @Test
  void eachCauseHasItsOwnRemedy() {
    IOException files = new FileSystemException("rules.sql", null, "Too many open files");

    assertEquals(
        "raise the limit of open files (ulimit -n, or LimitNOFILE= of the systemd unit)",
        RegularFile.unusable(dir, files).hint());
    assertEquals(
        "cannot be read: Input/output error",
        RegularFile.unusable(dir, new IOException("Input/output error")).getMessage());
  }
}
