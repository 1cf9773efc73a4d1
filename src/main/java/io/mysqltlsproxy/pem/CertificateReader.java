package io.mysqltlsproxy.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;

/**
 * Reads a certificate as the JDK does, and by Bouncy Castle what the JDK refuses although OpenSSL
 * takes it: an empty subject with alternative names that are not critical, for one.
 */
public final class CertificateReader {
  private CertificateReader() {}

  /**
   * Reads one.
   *
   * @param der the whole certificate
   * @throws CertificateException where it is damaged
   */
  public static X509Certificate read(byte[] der) throws CertificateException {
    try {
      return read(CertificateFactory.getInstance("X.509"), der);
    } catch (CertificateException refused) {
      try {
        return read(CertificateFactory.getInstance("X.509", BouncyCastle.provider()), der);
      } catch (RuntimeException damaged) {
        throw new CertificateException("damaged", damaged);
      }
    }
  }

  /** Whether it can be read. */
  public static boolean reads(byte[] der) {
    try {
      var unused = read(der);
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Whether Java itself reads it, which does all TLS where there is no native library. */
  public static boolean isReadByJava(byte[] der) {
    try {
      var unused = read(CertificateFactory.getInstance("X.509"), der);
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Reads the one that a block holds, whole, and says the block's line where it cannot be used. */
  static X509Certificate read(PemBlock block) throws UnusableFileException {
    byte[] content = block.object().getContent();
    try {
      int end = length(content);
      checkRest(block, Arrays.copyOfRange(content, end, content.length));
      return read(Arrays.copyOf(content, end));
    } catch (IOException | CertificateException | RuntimeException e) {
      throw block.because("a damaged certificate", "copy it again, from BEGIN to END");
    }
  }

  /** Of the first DER element, whose length is in its second byte or the bytes after that. */
  private static int length(byte[] der) {
    int lengthBytes = der[1] >= 0 ? 0 : der[1] & 0x7f;
    int length = lengthBytes == 0 ? der[1] : new BigInteger(1, der, 2, lengthBytes).intValueExact();
    return Math.addExact(2 + lengthBytes, length);
  }

  /** OpenSSL writes after a certificate what it is to be trusted for, and what not. */
  private static void checkRest(PemBlock block, byte[] rest)
      throws IOException, UnusableFileException {
    if (rest.length == 0) {
      return;
    }
    if (!block.type().equals("TRUSTED CERTIFICATE")) {
      throw new IOException("bytes after its end");
    }
    for (ASN1Encodable part : ASN1Sequence.getInstance(rest)) {
      boolean isTrust = part instanceof ASN1Sequence;
      boolean isRejection = part instanceof ASN1TaggedObject tagged && tagged.getTagNo() == 0;
      if (isTrust || isRejection) {
        throw block.because(
            "a certificate with OpenSSL's trust settings, which are not honoured here",
            "take them off: openssl x509 -in FILE -out NEW.pem; or take the certificate out");
      }
    }
  }

  private static X509Certificate read(CertificateFactory factory, byte[] der)
      throws CertificateException {
    var read = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    if (read == null) {
      throw new CertificateException("no certificate");
    }
    return read;
  }
}
