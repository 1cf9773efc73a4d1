package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate revocation list being described; {@link #pem} signs it. */
public final class CrlRequest {
  private record CriticalExtension(ASN1ObjectIdentifier id, ASN1Encodable value) {}

  private final Issued authority;
  private final List<BigInteger> revoked = new ArrayList<>();
  private final List<CriticalExtension> extensions = new ArrayList<>();
  private Optional<CRLNumber> number = Optional.empty();
  private Issued signer;
  private Instant thisUpdate = Instant.now().minus(Duration.ofHours(1));
  private Instant nextUpdate = Instant.now().plus(Duration.ofDays(30));

  CrlRequest(Issued authority) {
    this.authority = authority;
    this.signer = authority;
  }

  public CrlRequest revoke(Issued... certificates) {
    for (Issued each : certificates) {
      revoked.add(each.certificate().getSerialNumber());
    }
    return this;
  }

  public CrlRequest valid(Instant from, Instant to) {
    thisUpdate = from;
    nextUpdate = to;
    return this;
  }

  /** The next one was due an hour ago. */
  public CrlRequest stale() {
    Instant now = Instant.now();
    return valid(now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(1)));
  }

  /** With the key of another, which poses as this authority. */
  public CrlRequest signedBy(CertificateAuthority impostor) {
    signer = impostor.issued();
    return this;
  }

  public CrlRequest delta() {
    return critical(Extension.deltaCRLIndicator, new ASN1Integer(BigInteger.ONE));
  }

  public CrlRequest indirect() {
    return scope(new IssuingDistributionPoint(null, false, false, null, true, false));
  }

  public CrlRequest onlyOfUsers() {
    return scope(new IssuingDistributionPoint(null, true, false, null, false, false));
  }

  public CrlRequest onlyOfAuthorities() {
    return scope(new IssuingDistributionPoint(null, false, true, null, false, false));
  }

  /** Of the certificates that name this place only. */
  public CrlRequest onlyOfDistributionPoint(String uri) {
    GeneralNames names =
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    return scope(
        new IssuingDistributionPoint(
            new DistributionPointName(names), false, false, null, false, false));
  }

  /** With a critical extension that nobody knows. */
  public CrlRequest unknownCriticalExtension() {
    return critical(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), DERNull.INSTANCE);
  }

  /** With a CRL number; without this call it has none. */
  public CrlRequest number(long value) {
    number = Optional.of(new CRLNumber(BigInteger.valueOf(value)));
    return this;
  }

  private CrlRequest scope(IssuingDistributionPoint point) {
    return critical(Extension.issuingDistributionPoint, point);
  }

  private CrlRequest critical(ASN1ObjectIdentifier id, ASN1Encodable value) {
    extensions.add(new CriticalExtension(id, value));
    return this;
  }

  /** Signs it. */
  public String pem() {
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(
            X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded()),
            Date.from(thisUpdate));
    builder.setNextUpdate(Date.from(nextUpdate));
    revoked.forEach(
        serial -> builder.addCRLEntry(serial, Date.from(thisUpdate), CRLReason.keyCompromise));
    PrivateKey key = signer.privateKey();
    String algorithm = KeyType.signatureAlgorithm(signer.certificate().getPublicKey());
    try {
      if (number.isPresent()) {
        builder.addExtension(Extension.cRLNumber, false, number.get());
      }
      for (CriticalExtension each : extensions) {
        builder.addExtension(each.id(), true, each.value());
      }
      byte[] der = builder.build(new JcaContentSignerBuilder(algorithm).build(key)).getEncoded();
      return "-----BEGIN X509 CRL-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
          + "\n-----END X509 CRL-----\n";
    } catch (CertIOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Signs it, and writes it in PEM. */
  public Path writeTo(Path file) {
    try {
      return WholeFile.write(file, pem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
