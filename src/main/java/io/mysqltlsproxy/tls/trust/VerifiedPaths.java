package io.mysqltlsproxy.tls.trust;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Paths that were found good, by what clients sent, to the byte: signatures, names and constraints
 * of the same certificates are the same the next time. What changes with time, validity and
 * revocation, is not kept here. Only good paths are, so that nobody fills it without a certificate.
 */
final class VerifiedPaths {
  /** Clients with more certificates than this at a time are verified as if for the first time. */
  private static final int MAX_PATHS = 1000;

  private final Map<ByteBuffer, CertificatePath> paths =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, CertificatePath> eldest) {
          return size() > MAX_PATHS;
        }
      };

  /** What identifies the certificates that a client sent, in their order. */
  static ByteBuffer key(X509Certificate[] sent) throws CertificateEncodingException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (X509Certificate certificate : sent) {
        digest.update(certificate.getEncoded());
      }
      return ByteBuffer.wrap(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The path that was found for them; empty where they are new. */
  synchronized Optional<CertificatePath> get(ByteBuffer key) {
    return Optional.ofNullable(paths.get(key));
  }

  synchronized void put(ByteBuffer key, CertificatePath path) {
    paths.put(key, path);
  }
}
