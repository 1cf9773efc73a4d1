package io.mysqltlsproxy.tls.trust;

import java.time.Instant;
import java.util.List;

/**
 * A way from a client's certificate to a trusted one.
 *
 * @param certificates the client's first, the trusted and self-signed one last; where the client's
 *     own is trusted, that alone
 */
record CertificatePath(List<PathCertificate> certificates) {
  CertificatePath {
    certificates = List.copyOf(certificates);
  }

  int size() {
    return certificates.size();
  }

  PathCertificate get(int index) {
    return certificates.get(index);
  }

  /** When the first of them expires. */
  Instant expiry() {
    Instant first = Instant.MAX;
    for (PathCertificate certificate : certificates) {
      Instant expiry = certificate.notAfter();
      if (expiry == null) {
        return Instant.MIN;
      }
      first = expiry.isBefore(first) ? expiry : first;
    }
    return first;
  }
}
