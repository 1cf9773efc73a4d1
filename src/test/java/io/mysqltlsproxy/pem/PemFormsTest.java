package io.mysqltlsproxy.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ways to write two certificates into a file: both are read, or the line that is wrong is named.
 */
class PemFormsTest {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final Issued FIRST = CertificateAuthority.create("CN=First", KeyType.EC).issued();
  private static final CertificateAuthority CA =
      CertificateAuthority.create("CN=Second", KeyType.EC);
  private static final String SECOND = CA.issued().certificatePem();

  private final Path file;

  PemFormsTest(@TempDir Path directory) {
    file = directory.resolve("ca.pem");
  }

  private static String first() {
    return FIRST.certificatePem();
  }

  private static String body() {
    return first().replaceAll("-----.*-----", "").strip();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "as it is",
        "lines of DOS",
        "lines of old Macs",
        "text around it",
        "spaces after each line",
        "an indented body",
        "empty lines",
        "one long line",
        "no padding",
        "the old name",
        "OpenSSL's other name, without settings",
        "a key before it",
        "a request before it",
        "a zero byte after it"
      })
  void bothAreRead(String form) throws Exception {
    write(
        switch (form) {
          case "as it is" -> first();
          case "lines of DOS" -> first().replace("\n", "\r\n");
          case "lines of old Macs" -> first().replace("\n", "\r");
          case "text around it" -> "Bag Attributes\n  friendlyName: x\n" + first() + "\n# END\n";
          case "spaces after each line" -> first().replace("\n", " \t\n");
          case "an indented body" -> first().replace(body(), body().replaceAll("(?m)^", "  "));
          case "empty lines" -> first().replace("\n", "\n\n");
          case "one long line" -> first().replace(body(), body().replace("\n", ""));
          case "no padding" -> first().replace("=", "");
          case "the old name" -> first().replace(CERTIFICATE, "X509 CERTIFICATE");
          case "OpenSSL's other name, without settings" ->
              block("TRUSTED CERTIFICATE", with(new byte[] {0x30, 0x02, 0x0c, 0x00}));
          case "a key before it" -> block("PRIVATE KEY", new byte[] {1}) + first();
          case "a request before it" -> block("CERTIFICATE REQUEST", new byte[] {1}) + first();
          default -> first() + "\0\n";
        });
    assertEquals(2, PemFile.read(file).certificates("").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1: indented",
        "1: four dashes",
        "1: four dashes at the end",
        "1: small letters",
        "1: a space too many",
        "1: dashes of an editor",
        "1: quoted",
        "1: escaped line breaks",
        "1: another name",
        "1: PKCS7",
        "1: trust settings",
        "1: bytes after it",
        "1: empty",
        "1: half a character",
        "3: a comment in it",
        "3: a zero byte in it",
        "END: no BEGIN",
        "END: another END",
        "END: no dashes at the end",
        "NEXT: no END",
        "END: text after END"
      })
  void theLineThatIsWrongIsNamed(String form) throws Exception {
    String plain = first();
    String firstLine = plain.lines().toList().get(1);
    String wrong =
        switch (form.replaceAll("^\\w+: ", "")) {
          case "indented" -> plain.replaceAll("(?m)^", " ");
          case "four dashes" -> plain.replace("-----BEGIN", "----BEGIN");
          case "four dashes at the end" -> plain.replaceFirst("-----\n", "----\n");
          case "small letters" -> plain.replace("BEGIN", "begin").replace("END", "end");
          case "a space too many" -> plain.replace("-----BEGIN", "----- BEGIN");
          case "dashes of an editor" -> plain.replace("-----BEGIN", "\u2014\u2014BEGIN");
          case "quoted" -> plain.replaceAll("(?m)^", "> ");
          case "escaped line breaks" -> plain.replace("\n", "\\n") + "\n";
          case "another name" -> plain.replace(CERTIFICATE, "X.509 CERTIFICATE");
          case "PKCS7" -> plain.replace(CERTIFICATE, "PKCS7");
          case "trust settings" ->
              block(
                  "TRUSTED CERTIFICATE",
                  with(new byte[] {0x30, 0x06, 0x30, 0x04, 0x06, 0x02, 0x2a, 0x03}));
          case "bytes after it" -> block(CERTIFICATE, with(new byte[] {5, 0}));
          case "empty" -> block(CERTIFICATE, new byte[0]);
          case "half a character" -> plain.replace("\n-----END", "=\n-----END");
          case "a comment in it" -> plain.replace(firstLine + "\n", firstLine + "\n# text\n");
          case "a zero byte in it" -> plain.replace(firstLine + "\n", firstLine + "\n\0");
          case "no BEGIN" -> plain.replace("-----BEGIN CERTIFICATE-----", "");
          case "another END" -> plain.replace("END CERTIFICATE", "END X509 CERTIFICATE");
          case "no dashes at the end" -> plain.replace("END CERTIFICATE-----", "END CERTIFICATE");
          case "no END" -> plain.replace("-----END CERTIFICATE-----\n", "");
          default -> plain.strip() + "text\n";
        };
    write(wrong);
    int lines = (int) plain.lines().count();
    String line =
        form.startsWith("END") || form.startsWith("NEXT")
            ? String.valueOf(lines)
            : form.substring(0, 1);
    var refused =
        assertThrows(UnusableFileException.class, () -> PemFile.read(file).certificates(""));
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith("line " + line + ": "),
        refused.getMessage());
  }

  @Test
  void aCrlAmongCertificatesAndACertificateAmongCrlsAreNamedByTheirLine() throws Exception {
    String crl = CA.crl().pem();
    Files.writeString(file, SECOND + crl);
    String line = "line " + (1 + SECOND.lines().count());
    assertRefused(line + ": a CRL among certificates, where it is not read");

    Files.writeString(file, crl + SECOND);
    var refused = assertThrows(UnusableFileException.class, () -> PemFile.read(file).crls(""));
    assertEquals(
        "line " + (1 + crl.lines().count()) + ": a certificate among CRLs, where it is not read",
        refused.getMessage());
  }

  private void assertRefused(String reason) {
    var refused =
        assertThrows(UnusableFileException.class, () -> PemFile.read(file).certificates(""));
    assertEquals(reason, refused.getMessage());
  }

  private void write(String form) throws IOException {
    Files.writeString(file, form + SECOND);
  }

  private static byte[] with(byte[] more) throws Exception {
    byte[] der = FIRST.certificate().getEncoded();
    byte[] all = new byte[der.length + more.length];
    System.arraycopy(der, 0, all, 0, der.length);
    System.arraycopy(more, 0, all, der.length, more.length);
    return all;
  }

  private static String block(String type, byte[] content) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
