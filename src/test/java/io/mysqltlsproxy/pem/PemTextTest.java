package io.mysqltlsproxy.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.KeyType;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTextTest {
  private final String first =
      CertificateAuthority.create("CN=First", KeyType.EC).issued().certificatePem();
  private final String second =
      CertificateAuthority.create("CN=Second", KeyType.EC).issued().certificatePem();

  @Test
  void aByteOrderMarkHidesNoCertificate(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("ca.pem"), "\ufeff" + first + second);
    assertEquals(2, PemFile.read(file).certificates().size());
  }

  @Test
  void aMissingLineBreakBetweenTwoCertificatesIsNamedByItsLine(@TempDir Path directory)
      throws Exception {
    Path file = Files.writeString(directory.resolve("ca.pem"), first.strip() + second);
    var refused = assertThrows(UnusableFileException.class, () -> PemFile.read(file));
    long line = first.strip().lines().count();
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith("line " + line + ": BEGIN is not at"),
        refused.getMessage());
  }
}
