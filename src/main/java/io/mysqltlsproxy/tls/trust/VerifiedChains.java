package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.CertificateChains.Chain;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chains that were found good, by what clients sent, to the byte: signatures, names and constraints
 * of the same certificates are the same the next time. What changes with time, validity and
 * revocation, is not kept here. Only good chains are, so that nobody fills it without a
 * certificate.
 */
public final class VerifiedChains {
  /** Clients with more certificates than this at a time are verified as if for the first time. */
  private static final int MOST = 1000;

  private final Map<ByteBuffer, Chain> chains =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Chain> eldest) {
          return size() > MOST;
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

  /** The chain that was found for them; null where they are new. */
  synchronized @Nullable Chain get(ByteBuffer key) {
    return chains.get(key);
  }

  synchronized void put(ByteBuffer key, Chain chain) {
    chains.put(key, chain);
  }
}
