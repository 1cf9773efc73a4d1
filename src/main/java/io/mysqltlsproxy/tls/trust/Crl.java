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
import java.security.cert.X509Extension;
import java.time.Instant;
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
import org.bouncycastle.asn1.x509.Time;
import org.jspecify.annotations.Nullable;

/**
 * One certificate revocation list (<a href="https://www.rfc-editor.org/rfc/rfc5280#section-5">RFC
 * 5280, section 5</a>): a whole one, of the authority that issued the certificates. Delta and
 * indirect lists and those of some reasons only, which OpenSSL would leave unused without a word,
 * are refused when they are read.
 */
public final class Crl {
  private static final String WHOLE = "give the authority's own, complete CRL";
  private static final String SOUND = "ask the authority for a sound one";

  private final X509CRL crl;
  private final CertificateList list;
  private final CrlScope scope;
  private final Instant thisUpdate;
  private final @Nullable Instant nextUpdate;
  private final Set<String> unknownCritical;
  private final @Nullable AuthorityKeyIdentifier authorityKeyId;
  private final Map<SubjectKey, Boolean> signedBy = new ConcurrentHashMap<>();

  private Crl(
      X509CRL crl,
      CertificateList list,
      CrlScope scope,
      Instant thisUpdate,
      @Nullable Instant nextUpdate) {
    this.crl = crl;
    this.list = list;
    this.scope = scope;
    this.thisUpdate = thisUpdate;
    this.nextUpdate = nextUpdate;
    unknownCritical = unknownCritical(crl);
    Extensions extensions = list.getTBSCertList().getExtensions();
    authorityKeyId = extensions == null ? null : AuthorityKeyIdentifier.fromExtensions(extensions);
  }

  static Crl read(byte[] der) throws UnusableFileException {
    X509CRL crl;
    CertificateList list;
    DistinguishedName issuer;
    try {
      crl =
          (X509CRL)
              CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
      list = CertificateList.getInstance(der);
      issuer = DistinguishedName.of(list.getIssuer());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new UnusableFileException("holds a damaged CRL", "copy it again, from BEGIN to END");
    }
    String of = "holds a CRL of " + CertificateNames.issuer(crl);
    if (crl.getExtensionValue(Extension.deltaCRLIndicator.getId()) != null) {
      throw new UnusableFileException(of + " that is a delta CRL", WHOLE);
    }
    Instant thisUpdate = CertificateDate.of(list.getThisUpdate());
    Time next = list.getNextUpdate();
    Instant nextUpdate = next == null ? null : CertificateDate.of(next);
    if (thisUpdate == null || (next != null && nextUpdate == null)) {
      throw new UnusableFileException(of + " with a date that cannot be read", SOUND);
    }
    try {
      CrlScope scope = CrlScope.of(issuer, list.getTBSCertList().getExtensions());
      checkScope(of, crl, scope);
      return new Crl(crl, list, scope, thisUpdate, nextUpdate);
    } catch (IllegalArgumentException e) {
      throw new UnusableFileException(of + " with a damaged extension", SOUND);
    }
  }

  private static void checkScope(String of, X509CRL crl, CrlScope scope)
      throws UnusableFileException {
    if (scope.isIndirect() || hasEntriesOfOthers(crl)) {
      throw new UnusableFileException(of + " that is an indirect CRL", WHOLE);
    }
    if (scope.isPartial()) {
      throw new UnusableFileException(
          of + " for some reasons, or for attribute certificates only", WHOLE);
    }
  }

  /** Each such entry, and all that follow it, speak of certificates of another authority. */
  private static boolean hasEntriesOfOthers(X509CRL crl) {
    Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
    return entries != null
        && entries.stream()
            .anyMatch(
                entry -> entry.getExtensionValue(Extension.certificateIssuer.getId()) != null);
  }

  DistinguishedName issuer() {
    return scope.issuer();
  }

  Instant thisUpdate() {
    return thisUpdate;
  }

  /** Until when it may be relied on; empty where it does not say. */
  Optional<Instant> nextUpdate() {
    return Optional.ofNullable(nextUpdate);
  }

  boolean isFresh(Instant now) {
    return !now.isBefore(thisUpdate) && (nextUpdate == null || now.isBefore(nextUpdate));
  }

  /** Whether it can be the authority's, by its name and by the identifier of its key. */
  boolean namesAsIssuer(PathCertificate authority) {
    return issuer().equals(authority.subject()) && authority.isNamedBy(authorityKeyId);
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

  CrlScope.Coverage coverage(PathCertificate certificate) {
    return scope.coverage(certificate);
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

  /**
   * When the certificate was revoked; null where it is not, or no more. Java's own search by a
   * certificate would miss one whose issuer's name is written in another kind of string.
   *
   * @param certificate of this list's issuer
   */
  @Nullable Instant revokedAt(PathCertificate certificate) {
    X509CRLEntry entry = crl.getRevokedCertificate(certificate.serial());
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
