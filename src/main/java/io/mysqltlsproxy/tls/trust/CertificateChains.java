package io.mysqltlsproxy.tls.trust;

import static java.util.stream.Collectors.groupingBy;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Finds the way from a client's certificate to a root, by names; signatures are left to the
 * validation, except where several authorities have one name.
 *
 * <p>What the CA files hold goes before what the client sends, as in OpenSSL.
 */
public final class CertificateChains {
  /** As in mysqld: OpenSSL's own limit is 100, but no real chain is longer than this. */
  private static final int MAX_LENGTH = 10;

  /**
   * In bits. A client may send keys of its own making, and a larger one would hold the event loop
   * up for long. (BoringSSL and OpenSSL have the same bounds.)
   */
  private static final int MAX_EXPONENT_LENGTH = 33;

  private static final int MAX_MODULUS_LENGTH = 16_384;

  private final TrustedAuthorities authorities;
  private final Map<X500Principal, List<X509Certificate>> roots;
  private final Map<X500Principal, List<X509Certificate>> intermediates;

  CertificateChains(TrustedAuthorities authorities) {
    this.authorities = authorities;
    roots =
        authorities.roots().stream()
            .filter(CertificateChains::maySign)
            .collect(groupingBy(X509Certificate::getSubjectX500Principal));
    intermediates =
        authorities.intermediates().stream()
            .collect(groupingBy(X509Certificate::getSubjectX500Principal));
  }

  /**
   * A chain.
   *
   * @param belowRoot the client's certificate first; empty where that itself is a root
   */
  record Chain(X509Certificate certificate, List<X509Certificate> belowRoot, X509Certificate root) {
    Chain {
      belowRoot = List.copyOf(belowRoot);
    }

    /** The client's certificate first, the root last. */
    List<X509Certificate> whole() {
      List<X509Certificate> whole = new ArrayList<>(belowRoot);
      whole.add(root);
      return whole;
    }
  }

  /**
   * Builds the chain.
   *
   * @param sent by the client, its own certificate first
   * @throws CertificateException when no root is reached
   */
  Chain build(X509Certificate[] sent) throws CertificateException {
    List<X509Certificate> others = Arrays.asList(sent).subList(1, sent.length);
    if (sent.length > MAX_LENGTH) {
      throw tooLong(sent);
    }
    List<X509Certificate> belowRoot = new ArrayList<>();
    X509Certificate current = sent[0];
    while (belowRoot.size() < MAX_LENGTH) {
      if (authorities.roots().contains(current)) {
        return new Chain(sent[0], belowRoot, current);
      }
      belowRoot.add(current);
      X500Principal issuer = current.getIssuerX500Principal();
      X509Certificate root = issuerAmong(roots.getOrDefault(issuer, List.of()), current);
      if (root != null) {
        return new Chain(sent[0], belowRoot, root);
      }
      X509Certificate next = issuerAmong(intermediates.getOrDefault(issuer, List.of()), current);
      if (next == null) {
        next =
            issuerAmong(
                others.stream().filter(c -> c.getSubjectX500Principal().equals(issuer)).toList(),
                current);
      }
      if (next == null || belowRoot.contains(next)) {
        throw noIssuer(current);
      }
      current = next;
    }
    throw tooLong(sent);
  }

  private static CertificateException tooLong(X509Certificate[] sent) {
    return Refusal.CHAIN_TOO_LONG.because(
        "the chain of the certificate "
            + CertificateNames.subject(sent[0])
            + " is longer than "
            + MAX_LENGTH);
  }

  private static @Nullable X509Certificate issuerAmong(
      List<X509Certificate> candidates, X509Certificate certificate) {
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    for (X509Certificate candidate : candidates) {
      if (isSignedBy(certificate, candidate.getPublicKey())) {
        return candidate;
      }
    }
    return null;
  }

  /** Whether the signature is right, and not made with a key of absurd size. */
  public static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
    if (key instanceof RSAPublicKey rsa
        && (rsa.getPublicExponent().bitLength() > MAX_EXPONENT_LENGTH
            || rsa.getModulus().bitLength() > MAX_MODULUS_LENGTH)) {
      return false;
    }
    try {
      certificate.verify(key);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Version 1 has no extension to say so: there OpenSSL takes a self-signed one as a CA. */
  private static boolean maySign(X509Certificate root) {
    boolean[] usage = root.getKeyUsage();
    boolean authority = root.getBasicConstraints() >= 0 || root.getVersion() < 3;
    return authority && (usage == null || usage[5]);
  }

  private static CertificateException noIssuer(X509Certificate certificate) {
    String name = CertificateNames.described(certificate);
    if (certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return Refusal.SELF_SIGNED.because(name + " is self-signed and not in --ssl-ca");
    }
    return Refusal.UNKNOWN_ISSUER.because(
        name
            + " is signed by "
            + CertificateNames.issuer(certificate)
            + ", which is neither in"
            + " --ssl-ca nor sent by the client");
  }
}
