package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.CertificateReader;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a peer may send: all of it is read before any of it is trusted. OpenSSL takes 100 KB and as
 * many certificates as are in it.
 */
final class SentCertificates {
  static final int MAX_CERTIFICATES = 10;

  /** In bytes; certificates have one or two thousand. */
  static final int MAX_SIZE = 32 * 1024;

  private SentCertificates() {}

  /**
   * Reads them.
   *
   * @param sent by the client, its own certificate first
   * @throws CertificateException where they are out of bounds, or one cannot be read
   */
  static List<PathCertificate> read(X509Certificate[] sent, Purpose purpose)
      throws CertificateException {
    if (sent.length > MAX_CERTIFICATES) {
      throw Refusal.CHAIN_TOO_LONG.because(
          "the "
              + purpose.peer()
              + " sent "
              + sent.length
              + " certificates: let it send its own and its intermediates, "
              + MAX_CERTIFICATES
              + " at most");
    }
    int size = 0;
    for (X509Certificate certificate : sent) {
      size += certificate.getEncoded().length;
    }
    if (size > MAX_SIZE) {
      throw Refusal.CHAIN_TOO_LONG.because(
          "the "
              + purpose.peer()
              + "'s certificates have "
              + size
              + " bytes, and may have "
              + MAX_SIZE);
    }
    List<PathCertificate> read = new ArrayList<>();
    for (X509Certificate certificate : sent) {
      PathCertificate each = PathCertificate.of(certificate);
      Optional<String> damage = each.damage();
      if (damage.isPresent() && !CertificateReader.reads(certificate.getEncoded())) {
        throw Refusal.REJECTED.because(damage.get());
      }
      read.add(each);
    }
    SubjectKey key = read.get(0).key();
    String problem = key.problemWhenRead();
    if (problem != null && !key.hasExplicitParameters()) { // which are looked at in a path
      throw Refusal.KEY_TOO_WEAK.because(read.get(0) + ": " + problem);
    }
    return read;
  }
}
