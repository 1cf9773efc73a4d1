package io.mysqltlsproxy.check;

import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.mysqltlsproxy.tls.trust.Signatures;
import io.mysqltlsproxy.tls.trust.TrustedAuthorities;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether {@code ssl-ca} and {@code ssl-capath} hold CAs, and only those of one's own. */
final class AuthorityCheck {
  private static final int KEY_CERT_SIGN = 5;

  private final Set<X509Certificate> authorities;
  private final PublicAuthorities all;
  private final Validity validity;
  private final Strength strength;
  private final Findings findings;

  AuthorityCheck(
      Authorities authorities,
      PublicAuthorities all,
      Validity validity,
      Strength strength,
      Findings findings) {
    this.authorities = authorities.ofClients();
    this.all = all;
    this.validity = validity;
    this.strength = strength;
    this.findings = findings;
  }

  void run() {
    if (authorities.isEmpty()) {
      findings.okUnlessFound(Item.CA, "no --ssl-ca: clients are not asked for certificates");
      return;
    }
    for (X509Certificate certificate : authorities) {
      if (isAuthority(certificate)) {
        validity.check(Item.CA, certificate);
        strength.check(Item.CA, certificate);
        isOfOnesOwn(certificate);
        leadsToARoot(certificate);
      }
    }
    findings.okUnlessFound(
        Item.CA,
        "client certificates must be signed by "
            + authorities.stream()
                .map(CertificateNames::subject)
                .collect(Collectors.joining(" or by ")));
  }

  private boolean isAuthority(X509Certificate certificate) {
    String name = CertificateNames.described(certificate);
    Optional<String> damage = TrustedAuthorities.damage(certificate);
    if (damage.isPresent()) {
      findings.wrong(
          Item.CA,
          damage.get() + ": nothing that it has signed is trusted",
          TrustedAuthorities.SOUND);
      return false;
    }
    // Version 1 has no extension to say so.
    boolean authority = certificate.getBasicConstraints() >= 0 || certificate.getVersion() < 3;
    boolean selfSigned = Signatures.isSelfSigned(certificate);
    if (!authority || (certificate.getVersion() < 3 && !selfSigned)) {
      findings.wrong(
          Item.CA,
          name
              + " in ssl-ca is not a CA (basicConstraints): it vouches for "
              + (selfSigned ? "nobody but itself" : "nobody"),
          "give the certificate of the CA that signs the clients: "
              + (selfSigned ? "mysql-tls-proxy certs" : CertificateNames.issuer(certificate)));
      return false;
    }
    boolean[] usage = certificate.getKeyUsage();
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      findings.wrong(
          Item.CA,
          name + " must not sign certificates: its keyUsage lacks keyCertSign",
          "reissue the CA's certificate with keyUsage=keyCertSign,cRLSign");
      return false;
    }
    return true;
  }

  private void isOfOnesOwn(X509Certificate certificate) {
    if (all.include(certificate)) {
      findings.warning(
          Item.CA,
          CertificateNames.subject(certificate)
              + " is a public CA: it signs for everyone, so REQUIRE X509 would admit everyone it"
              + " has signed",
          "let a CA of your own sign the clients: mysql-tls-proxy certs");
    }
  }

  private void leadsToARoot(X509Certificate certificate) {
    boolean signed =
        authorities.stream()
            .filter(
                other ->
                    other.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
            .anyMatch(other -> Signatures.isSignedBy(certificate, other.getPublicKey()));
    if (!signed) {
      findings.wrong(
          Item.CA,
          CertificateNames.described(certificate)
              + " is an intermediate: it is not trusted without its root "
              + CertificateNames.issuer(certificate),
          "append the root's certificate to ssl-ca");
    }
  }
}
