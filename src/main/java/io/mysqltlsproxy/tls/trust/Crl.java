package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CRLReason;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.cert.X509Extension;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.jspecify.annotations.Nullable;

/**
 * One certificate revocation list (<a href="https://www.rfc-editor.org/rfc/rfc5280#section-5">RFC
 * 5280, section 5</a>): a whole one, of the authority that issued the certificates. Delta and
 * indirect lists and those of some reasons only, which OpenSSL would leave unused without a word,
 * are refused when they are read.
 */
public final class Crl {
  private static final String WHOLE = "give the authority's own, complete CRL";

  private final X509CRL crl;
  private final CrlScope scope;
  private final DistinguishedName issuer;
  private final CertificateList list;
  private final Set<String> unknownCritical;
  private final @Nullable AuthorityKeyIdentifier authorityKeyId;
  private final Map<SubjectKey, Boolean> signedBy = new ConcurrentHashMap<>();

  private Crl(X509CRL crl, CertificateList list, CrlScope scope) {
    this.crl = crl;
    this.list = list;
    this.scope = scope;
    issuer = DistinguishedName.of(list.getIssuer());
    unknownCritical = unknownCritical(crl);
    Extensions extensions = list.getTBSCertList().getExtensions();
    authorityKeyId = extensions == null ? null : AuthorityKeyIdentifier.fromExtensions(extensions);
  }

  static Crl read(byte[] der) throws UnusableFileException {
    X509CRL crl;
    try {
      crl =
          (X509CRL)
              CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new UnusableFileException("holds a damaged CRL", "copy it again, from BEGIN to END");
    }
    String of = "holds a CRL of " + CertificateNames.issuer(crl);
    if (crl.getExtensionValue(Extension.deltaCRLIndicator.getId()) != null) {
      throw new UnusableFileException(of + " that is a delta CRL", WHOLE);
    }
    CrlScope scope;
    try {
      scope = CrlScope.of(crl);
    } catch (IllegalArgumentException e) {
      throw new UnusableFileException(
          of + " with a damaged extension", "ask the authority for a sound one");
    }
    if (scope.isIndirect()) {
      throw new UnusableFileException(of + " that is an indirect CRL", WHOLE);
    }
    if (scope.isPartial()) {
      throw new UnusableFileException(
          of + " for some reasons, or for attribute certificates only", WHOLE);
    }
    try {
      return new Crl(crl, CertificateList.getInstance(der), scope);
    } catch (IllegalArgumentException e) {
      throw new UnusableFileException("holds a damaged CRL", "copy it again, from BEGIN to END");
    }
  }

  DistinguishedName issuer() {
    return issuer;
  }

  Instant thisUpdate() {
    return crl.getThisUpdate().toInstant();
  }

  /** Until when it may be relied on; empty where it does not say. */
  Optional<Instant> nextUpdate() {
    return Optional.ofNullable(crl.getNextUpdate()).map(Date::toInstant);
  }

  boolean isFresh(Instant now) {
    return !now.isBefore(thisUpdate()) && nextUpdate().map(next -> !now.isAfter(next)).orElse(true);
  }

  /** Whether it can be the authority's, by its name and by the identifier of its key. */
  boolean namesAsIssuer(PathCertificate authority) {
    return issuer.equals(authority.subject()) && authority.isNamedBy(authorityKeyId);
  }

  /** Computed once for each key: a list can have many megabytes. */
  boolean isSignedBy(PathCertificate authority) {
    return signedBy.computeIfAbsent(authority.key(), this::verifies);
  }

  private boolean verifies(SubjectKey key) {
    CertificateSignature signature = CertificateSignature.of(list.getSignatureAlgorithm());
    try {
      return list.getSignatureAlgorithm().equals(list.getTBSCertList().getSignature())
          && signature.isOf(key.kind())
          && signature.verifies(key, crl.getTBSCertList(), crl.getSignature());
    } catch (CRLException e) {
      return false;
    }
  }

  boolean covers(X509Certificate certificate) {
    return scope.covers(certificate);
  }

  /** The critical extensions, of the list and of its entries, that nobody here understands. */
  Set<String> unknownCriticalExtensions() {
    return unknownCritical;
  }

  private static Set<String> unknownCritical(X509CRL crl) {
    Set<String> unknown = critical(crl);
    unknown.remove(Extension.issuingDistributionPoint.getId());
    unknown.remove(Extension.authorityKeyIdentifier.getId());
    Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
    if (entries != null) {
      for (X509CRLEntry entry : entries) {
        unknown.addAll(critical(entry));
      }
    }
    return Set.copyOf(unknown);
  }

  private static Set<String> critical(X509Extension of) {
    Set<String> critical = of.getCriticalExtensionOIDs();
    return critical == null ? new HashSet<>() : new HashSet<>(critical);
  }

  /** When the certificate was revoked; null where it is not, or no more. */
  @Nullable Instant revokedAt(X509Certificate certificate) {
    X509CRLEntry entry = crl.getRevokedCertificate(certificate);
    return entry == null || entry.getRevocationReason() == CRLReason.REMOVE_FROM_CRL
        ? null
        : entry.getRevocationDate().toInstant();
  }

  /** RFC 5280, section 5.2.3; empty where the authority does not number its lists. */
  private Optional<BigInteger> number() {
    byte[] extension = crl.getExtensionValue(Extension.cRLNumber.getId());
    if (extension == null) {
      return Optional.empty();
    }
    try {
      byte[] octets = ASN1OctetString.getInstance(extension).getOctets();
      return Optional.of(ASN1Integer.getInstance(octets).getValue());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // it is only shown
    }
  }

  /**
   * {@code CRL of CN=Root (number 7, SHA256:…) of 2026-01-01T00:00:00Z, next by
   * 2026-02-01T00:00:00Z, 3 revoked}.
   */
  @Override
  public String toString() {
    Set<? extends X509CRLEntry> revoked = crl.getRevokedCertificates();
    return "CRL of %s (%s%s) of %s, %s, %d revoked"
        .formatted(
            CertificateNames.issuer(crl),
            number().map(number -> "number " + number + ", ").orElse(""),
            CertificateNames.fingerprint(crl),
            thisUpdate(),
            nextUpdate().map(next -> "next by " + next).orElse("without an end"),
            revoked == null ? 0 : revoked.size());
  }
}
