package io.mysqltlsproxy.check;

import io.mysqltlsproxy.tls.trust.Signatures;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The authorities that everybody trusts, and that sign everybody: those of this Java. */
record PublicAuthorities(List<X509Certificate> certificates) {

  static PublicAuthorities ofThisJava() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      @Nullable KeyStore usual = null;
      factory.init(usual);
      return new PublicAuthorities(
          Arrays.stream(factory.getTrustManagers())
              .filter(X509TrustManager.class::isInstance)
              .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
              .toList());
    } catch (GeneralSecurityException e) {
      return new PublicAuthorities(List.of()); // a Java without its cacerts
    }
  }

  /** Whether it is one of them, also under another signature, or has been signed by one. */
  boolean include(X509Certificate authority) {
    return certificates.stream()
        .anyMatch(known -> isSame(known, authority) || signed(known, authority));
  }

  private static boolean isSame(X509Certificate known, X509Certificate authority) {
    return known.getSubjectX500Principal().equals(authority.getSubjectX500Principal())
        && known.getPublicKey().equals(authority.getPublicKey());
  }

  private static boolean signed(X509Certificate known, X509Certificate authority) {
    return known.getSubjectX500Principal().equals(authority.getIssuerX500Principal())
        && Signatures.isSignedBy(authority, known.getPublicKey());
  }
}
