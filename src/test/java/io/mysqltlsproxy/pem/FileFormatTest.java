package io.mysqltlsproxy.pem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileFormatTest {
  @ParameterizedTest
  @EnumSource
  void aCertificateInDerIsToldWithTheCommandThatConvertsIt(KeyType type) throws Exception {
    Issued issued = CertificateAuthority.create("CN=Test CA", type).issued();

    FileFormat format = of(issued.certificate().getEncoded());

    assertEquals("a certificate in DER", format.name());
    assertEquals(
        "convert it to PEM: openssl x509 -inform DER -in my.der -out NEW.pem", format.hint());
  }

  @ParameterizedTest
  @EnumSource
  void aKeyInDerIsToldWithTheCommandThatConvertsIt(KeyType type) {
    Issued issued = CertificateAuthority.create("CN=Test CA", type).issued();

    FileFormat format = of(issued.privateKey().getEncoded());

    assertEquals("a private key in DER", format.name());
    assertTrue(format.hint().contains("openssl pkey -inform DER -in my.der"), format.hint());
  }

  @Test
  void aPkcs12FileIsToldWithTheCommandThatConvertsIt() throws Exception {
    FileFormat format = of(Files.readAllBytes(ProxyCertificates.shared().clientStore()));

    assertEquals("a PKCS#12 file", format.name());
    assertTrue(format.hint().contains("openssl pkcs12 -nodes -in my.der"), format.hint());
  }

  @Test
  void textInUtf16IsToldInEitherOrder() {
    String pem = "-----BEGIN CERTIFICATE-----";
    byte[] littleEndian = ("\ufeff" + pem).getBytes(UTF_16LE);

    assertEquals("text in UTF-16", of(pem.getBytes(UTF_16)).name());
    assertEquals("text in UTF-16", of(littleEndian).name());
    assertTrue(of(littleEndian).hint().contains("iconv -f UTF-16"), of(littleEndian).hint());
  }

  @Test
  void aJavaKeyStoreIsTold() {
    byte[] bytes = {(byte) 0xFE, (byte) 0xED, (byte) 0xFE, (byte) 0xED, 0, 0, 0, 2};

    assertEquals("a Java key store", of(bytes).name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0\u0003\u0002\u0001\u0001", "0\u0080", "hello", "[mysqld]"})
  void anythingElseIsNotGuessedAt(String text) {
    assertEquals(Optional.empty(), FileFormat.of(text.getBytes(US_ASCII), "my.der"));
  }

  private static FileFormat of(byte[] bytes) {
    return FileFormat.of(bytes, "my.der").orElseThrow();
  }
}
