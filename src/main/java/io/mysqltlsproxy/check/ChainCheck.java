package io.mysqltlsproxy.check;

import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.mysqltlsproxy.tls.trust.Signatures;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The way from the server's certificate to a root: a client gets what the file holds, in the file's
 * order, and has the root itself (<a
 * href="https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2">RFC 5246, section 7.4.2</a>).
 */
final class ChainCheck {
  private static final int KEY_CERT_SIGN = 5;

  private final Path file;
  private final List<X509Certificate> chain;
  private final X509Certificate own;
  private final Authorities authorities;
  private final Findings findings;

  ChainCheck(Path file, ServerFiles.Read server, Authorities authorities, Findings findings) {
    this.file = file;
    this.chain = server.chain();
    this.own = server.own().orElseThrow();
    this.authorities = authorities;
    this.findings = findings;
  }

  void run() {
    List<X509Certificate> way = way();
    X509Certificate top = way.get(way.size() - 1);
    boolean rooted = Signatures.isSelfSigned(top);
    if (!rooted) {
      end(top);
    } else if (way.size() == 1) {
      findings.warning(
          Item.CHAIN,
          CertificateNames.described(own)
              + " is self-signed: a client trusts it only if it has"
              + " this very file as its ssl-ca",
          "let a CA sign it: mysql-tls-proxy certs");
    } else {
      findings.warning(
          Item.CHAIN,
          "superfluous root "
              + CertificateNames.subject(top)
              + ": a client has it, or does not"
              + " trust it",
          "remove it from " + file);
    }
    order(way);
    links(way);
    foreigners(way);
    findings.okUnlessFound(Item.CHAIN, "complete and in order: " + names(way));
  }

  /** Upwards from the server's own, as far as the file goes. */
  private List<X509Certificate> way() {
    List<X509Certificate> way = new ArrayList<>(List.of(own));
    Optional<X509Certificate> next = Optional.of(own);
    while (next.isPresent()) {
      X509Certificate current = next.get();
      next = issuer(current, chain).filter(issuer -> !way.contains(issuer));
      next.ifPresent(way::add);
    }
    return way;
  }

  private void end(X509Certificate top) {
    String issuer = CertificateNames.issuer(top);
    Optional<X509Certificate> known = issuer(top, authorities.known());
    if (known.isPresent() && Signatures.isSelfSigned(known.get())) {
      return;
    }
    Collection<X509Certificate> all = new ArrayList<>(chain);
    all.addAll(authorities.known());
    boolean namesake =
        all.stream()
            .filter(other -> !other.equals(top))
            .anyMatch(
                other -> other.getSubjectX500Principal().equals(top.getIssuerX500Principal()));
    String append = "append its certificate: cat intermediate.pem >> " + file;
    if (known.isPresent()) {
      findings.wrong(Item.CHAIN, "intermediate missing: issuer " + issuer, append);
    } else if (namesake) {
      findings.wrong(
          Item.CHAIN,
          CertificateNames.described(top)
              + " was not signed by the "
              + issuer
              + " given but by another with the same name",
          "get the certificate of the CA that signed it, or let this one sign it again");
    } else if (authorities.given()) {
      findings.wrong(
          Item.CHAIN,
          "intermediate missing: issuer " + issuer,
          append + "; or, if that is the root of the clients, name its file: --clients-ca=FILE");
    } else {
      findings.warning(
          Item.CHAIN,
          "intermediate missing, unless clients have it as their root: issuer " + issuer,
          "name the clients' CA file: --clients-ca=FILE");
    }
  }

  private void order(List<X509Certificate> way) {
    if (!chain.stream().distinct().filter(way::contains).toList().equals(way)) {
      findings.wrong(
          Item.CHAIN,
          "chain in wrong order: " + names(chain),
          "write them into " + file + " in this order: " + names(way));
    }
  }

  private void links(List<X509Certificate> way) {
    for (int i = 1; i < way.size(); i++) {
      X509Certificate link = way.get(i);
      boolean[] usage = link.getKeyUsage();
      if (link.getBasicConstraints() < 0 || (usage != null && !usage[KEY_CERT_SIGN])) {
        findings.wrong(
            Item.CHAIN,
            CertificateNames.described(link)
                + " is not a CA, yet has signed "
                + CertificateNames.subject(way.get(i - 1)),
            "let a CA sign " + CertificateNames.subject(way.get(i - 1)));
      } else if (link.getBasicConstraints() < i - 1) {
        findings.wrong(
            Item.CHAIN,
            CertificateNames.described(link)
                + " allows "
                + link.getBasicConstraints()
                + " intermediates below it, and there are "
                + (i - 1),
            "let a CA above it sign " + CertificateNames.subject(way.get(i - 1)));
      }
    }
  }

  private void foreigners(List<X509Certificate> way) {
    for (X509Certificate certificate : chain.stream().distinct().toList()) {
      if (!way.contains(certificate)) {
        findings.warning(
            Item.CHAIN,
            "foreign "
                + CertificateNames.described(certificate).replaceFirst("^the ", "")
                + ": it has signed nothing in this chain",
            "remove it from " + file);
      }
    }
  }

  private static Optional<X509Certificate> issuer(
      X509Certificate certificate, Collection<X509Certificate> candidates) {
    return candidates.stream()
        .filter(
            other -> other.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
        .filter(other -> Signatures.isSignedBy(certificate, other.getPublicKey()))
        .findFirst();
  }

  private static String names(List<X509Certificate> certificates) {
    return certificates.stream().map(CertificateNames::subject).collect(Collectors.joining(" > "));
  }
}
