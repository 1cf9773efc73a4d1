package io.mysqltlsproxy.pem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mysqltlsproxy.text.Utf16;
import java.io.IOException;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTCTime;

/**
 * What a file is that holds no PEM block, and how it becomes PEM.
 *
 * @param name with its article: {@code a certificate in DER}
 * @param hint what to do, with the file's own name where a command takes it
 */
record FileFormat(String name, String hint) {
  private static final int JAVA_KEY_STORE = 0xFEEDFEED;
  private static final int BEGINNING = 4;

  /** Recognizes a file by its bytes; empty where it is nothing that is often given by mistake. */
  static Optional<FileFormat> of(byte[] bytes, String file) {
    String start = new String(bytes, 0, Math.min(bytes.length, 64), ISO_8859_1);
    if (Utf16.is(bytes)) {
      return Optional.of(new FileFormat("text in UTF-16", Utf16.hint(file)));
    }
    if (start.startsWith("PuTTY-User-Key-File") || start.startsWith("ssh-")) {
      return Optional.of(
          new FileFormat(
              "an SSH key",
              "TLS needs a certificate and its key in PEM; make them with mysql-tls-proxy certs"));
    }
    if (bytes.length > BEGINNING && beginning(bytes) == JAVA_KEY_STORE) {
      return Optional.of(
          new FileFormat(
              "a Java key store",
              "convert it: keytool -importkeystore -srckeystore "
                  + file
                  + " -destkeystore NEW.p12 -deststoretype PKCS12, then openssl pkcs12 -in NEW.p12"
                  + " -nodes -out NEW.pem"));
    }
    return bytes.length > 0 && bytes[0] == 0x30 ? der(bytes, file) : Optional.empty();
  }

  private static int beginning(byte[] bytes) {
    int value = 0;
    for (int i = 0; i < BEGINNING; i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }

  private static Optional<FileFormat> der(byte[] bytes, String file) {
    try (ASN1InputStream in = new ASN1InputStream(bytes)) {
      return in.readObject() instanceof ASN1Sequence whole ? der(whole, file) : Optional.empty();
    } catch (IOException | RuntimeException damaged) {
      return Optional.empty();
    }
  }

  /** Told apart by the first elements, RFC 5280, 5958, 7292, 8017 and 5915. */
  private static Optional<FileFormat> der(ASN1Sequence whole, String file) {
    if (whole.size() < 2) {
      return Optional.empty();
    }
    ASN1Primitive first = whole.getObjectAt(0).toASN1Primitive();
    ASN1Primitive second = whole.getObjectAt(1).toASN1Primitive();
    if (first instanceof ASN1ObjectIdentifier) {
      return Optional.of(
          convertible("a PKCS#7 file in DER", "openssl pkcs7 -inform DER -print_certs -in ", file));
    }
    if (first instanceof ASN1Integer version) {
      boolean pkcs12 =
          version.hasValue(3)
              && second instanceof ASN1Sequence content
              && content.size() > 0
              && content.getObjectAt(0).toASN1Primitive() instanceof ASN1ObjectIdentifier;
      return Optional.of(
          pkcs12
              ? convertible("a PKCS#12 file", "openssl pkcs12 -nodes -in ", file)
              : convertible("a private key in DER", "openssl pkey -inform DER -in ", file));
    }
    if (first instanceof ASN1Sequence && second instanceof ASN1OctetString) {
      return Optional.of(
          convertible("an encrypted private key in DER", "openssl pkey -inform DER -in ", file));
    }
    if (first instanceof ASN1Sequence signed && whole.size() == 3) {
      return Optional.of(
          isCrl(signed)
              ? convertible("a CRL in DER", "openssl crl -inform DER -in ", file)
              : convertible("a certificate in DER", "openssl x509 -inform DER -in ", file));
    }
    return Optional.empty();
  }

  /** A CRL's third or fourth element is a time; a certificate's fifth is a sequence of two. */
  private static boolean isCrl(ASN1Sequence signed) {
    for (int i = 0; i < Math.min(4, signed.size()); i++) {
      if (signed.getObjectAt(i).toASN1Primitive() instanceof ASN1UTCTime
          || signed.getObjectAt(i).toASN1Primitive() instanceof ASN1GeneralizedTime) {
        return true;
      }
    }
    return false;
  }

  private static FileFormat convertible(String name, String command, String file) {
    return new FileFormat(name, "convert it to PEM: " + command + file + " -out NEW.pem");
  }
}
