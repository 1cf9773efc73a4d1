package io.mysqltlsproxy.tls.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.Time;
import org.jspecify.annotations.Nullable;

/** The dates of a certificate, as OpenSSL reads them: to the second, and in UTC. */
final class CertificateDate {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);

  private CertificateDate() {}

  /** Null where it is not written as it should be. */
  static @Nullable Instant of(Time time) {
    try {
      String text;
      if (time.toASN1Primitive() instanceof ASN1UTCTime utc) {
        text = content(utc);
        text = (text.compareTo("5") >= 0 ? "19" : "20") + text;
      } else {
        text = content((ASN1GeneralizedTime) time.toASN1Primitive());
      }
      return text.length() == 15 && text.charAt(14) == 'Z'
          ? LocalDateTime.parse(text.substring(0, 14), DATE).toInstant(ZoneOffset.UTC)
          : null;
    } catch (IOException | DateTimeException e) {
      return null;
    }
  }

  /** Both kinds are shorter than 128 bytes where they are right. */
  private static String content(ASN1Primitive time) throws IOException {
    byte[] encoded = time.getEncoded();
    return new String(encoded, 2, encoded.length - 2, StandardCharsets.ISO_8859_1);
  }
}
