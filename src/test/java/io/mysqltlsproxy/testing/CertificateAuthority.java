package io.mysqltlsproxy.testing;

import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_serverAuth;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate authority for tests.
 *
 * <pre>{@code
 * var ca = CertificateAuthority.create("CN=Test CA", KeyType.EC);
 * ca.issued().writeCertificate(dir.resolve("ca-cert.pem"));
 * ca.issueServer("localhost", KeyType.RSA).writeTo(dir, "server-cert.pem", "server-key.pem");
 * ca.certificate("CN=laura").extendedKeyUsage(id_kp_clientAuth).expired().issue();
 * }</pre>
 */
public final class CertificateAuthority {
  private final Issued issued;
  private final List<X509Certificate> chainBelowRoot;

  private CertificateAuthority(Issued issued, List<X509Certificate> chainBelowRoot) {
    this.issued = issued;
    this.chainBelowRoot = chainBelowRoot;
  }

  /**
   * A self-signed root.
   *
   * @param subject RFC 4514: {@code CN=Test CA,O=Test}
   */
  public static CertificateAuthority create(String subject, KeyType type) {
    KeyPair keys = type.generate();
    return new CertificateAuthority(
        new CertificateRequest(subject, keys, null).authority().issue(), List.of());
  }

  /** A self-signed root whose certificate expired an hour ago. */
  public static CertificateAuthority expired(String subject, KeyType type) {
    return new CertificateAuthority(
        new CertificateRequest(subject, type.generate(), null).authority().expired().issue(),
        List.of());
  }

  /** An intermediate that this authority signs; what it issues carries it in the chain. */
  public CertificateAuthority intermediate(String subject, KeyType type) {
    return certificate(subject).key(type).asIntermediate();
  }

  /** The authority's own certificate and key. */
  public Issued issued() {
    return issued;
  }

  /** A server's certificate, valid for the name, {@code localhost} and 127.0.0.1. */
  public Issued issueServer(String host, KeyType type) {
    return certificate("CN=" + host)
        .key(type)
        .dns(host, "localhost")
        .ip("127.0.0.1")
        .extendedKeyUsage(id_kp_serverAuth)
        .issue();
  }

  /** A client's certificate. */
  public Issued issueClient(String subject, KeyType type) {
    return certificate(subject).key(type).extendedKeyUsage(id_kp_clientAuth).issue();
  }

  /** A certificate to be described further; by default an EC key, no extended key usage, no SAN. */
  public CertificateRequest certificate(String subject) {
    return new CertificateRequest(subject, KeyType.EC.generate(), this);
  }

  /** A revocation list to be described further: of an hour ago, for 30 days, empty. */
  public CrlRequest crl() {
    return new CrlRequest(issued);
  }

  List<X509Certificate> chainFor(X509Certificate certificate) {
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(certificate);
    chain.addAll(chainBelowRoot);
    return List.copyOf(chain);
  }

  /** Lets any certificate sign others, whether it may or not. */
  public static CertificateAuthority of(Issued issued) {
    return new CertificateAuthority(issued, issued.chain());
  }
}
