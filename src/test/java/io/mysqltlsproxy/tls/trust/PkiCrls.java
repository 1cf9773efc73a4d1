package io.mysqltlsproxy.tls.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.bouncycastle.cert.X509v2CRLBuilder;

/** CRLs of the authorities of a case, most of them as they should be. */
final class PkiCrls {
  private static final ASN1ObjectIdentifier UNKNOWN =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.4");

  private final Random random;
  private final PkiCertificate own;
  private final List<PkiCertificate> authorities;

  PkiCrls(Random random, PkiCertificate own, List<PkiCertificate> authorities) {
    this.random = random;
    this.own = own;
    this.authorities = authorities;
  }

  List<byte[]> make() {
    List<byte[]> all = new ArrayList<>();
    for (PkiCertificate authority : authorities) {
      if (random.nextInt(12) > 0) {
        all.add(crl(authority));
      }
    }
    return all;
  }

  private byte[] crl(PkiCertificate authority) {
    Instant now = Instant.now();
    boolean stale = random.nextInt(12) == 0;
    Instant from = now.minus(Duration.ofDays(stale ? 20 : 1));
    if (random.nextInt(30) == 0) {
      from = now.plus(Duration.ofDays(2));
    }
    X500Name name =
        random.nextInt(6) == 0
            ? new PkiNames(random).rewritten(authority.subject)
            : authority.subject;
    X509v2CRLBuilder builder = new X509v2CRLBuilder(name, Date.from(from));
    if (random.nextInt(30) > 0) {
      builder.setNextUpdate(Date.from(from.plus(Duration.ofDays(10))));
    }
    if (random.nextInt(6) == 0) {
      BigInteger serial =
          random.nextBoolean()
              ? own.shownSerial()
              : authorities.get(random.nextInt(authorities.size())).shownSerial();
      entry(builder, serial, Date.from(from));
    }
    PkiCertificate signer =
        random.nextInt(25) == 0 ? authorities.get(random.nextInt(authorities.size())) : authority;
    try {
      if (random.nextInt(12) == 0) {
        int only = random.nextInt(4);
        DistributionPointName point =
            random.nextBoolean() ? null : point(random, authority.subject);
        builder.addExtension(
            Extension.issuingDistributionPoint,
            true,
            new IssuingDistributionPoint(point, only == 0, only == 1, null, false, false));
      }
      if (random.nextInt(40) == 0) {
        boolean critical = random.nextBoolean();
        builder.addExtension(UNKNOWN, critical, new ASN1Integer(1));
      }
      if (random.nextInt(3) > 0) {
        builder.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            new AuthorityKeyIdentifier(PkiCertificate.keyId(authority.key).getKeyIdentifier()));
      }
      return builder.build(signer.key.signer(random)).getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where a certificate says that its CRLs are. */
  static CRLDistPoint points(Random random, X500Name name) {
    DistributionPoint[] points = new DistributionPoint[1 + random.nextInt(2)];
    for (int i = 0; i < points.length; i++) {
      points[i] =
          new DistributionPoint(
              random.nextInt(6) == 0 ? null : point(random, name),
              random.nextInt(6) == 0 ? new ReasonFlags(ReasonFlags.keyCompromise) : null,
              random.nextInt(8) == 0 ? new GeneralNames(new GeneralName(name)) : null);
    }
    return new CRLDistPoint(points);
  }

  private static DistributionPointName point(Random random, X500Name name) {
    return switch (random.nextInt(4)) {
      case 0 ->
          new DistributionPointName(
              DistributionPointName.NAME_RELATIVE_TO_CRL_ISSUER,
              new RDN(BCStyle.CN, new DERUTF8String("part")).toASN1Primitive());
      case 1 -> new DistributionPointName(new GeneralNames(new GeneralName(name)));
      default ->
          new DistributionPointName(
              new GeneralNames(
                  new GeneralName(
                      GeneralName.uniformResourceIdentifier, "http://" + random.nextInt(2))));
    };
  }

  private void entry(X509v2CRLBuilder builder, BigInteger serial, Date from) {
    int reason =
        switch (random.nextInt(4)) {
          case 0 -> CRLReason.removeFromCRL;
          case 1 -> CRLReason.certificateHold;
          default -> CRLReason.keyCompromise;
        };
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    try {
      if (random.nextInt(3) > 0) {
        extensions.addExtension(Extension.reasonCode, false, CRLReason.lookup(reason));
      }
      if (random.nextInt(8) == 0) {
        extensions.addExtension(UNKNOWN, random.nextBoolean(), new ASN1Integer(1));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    builder.addCRLEntry(serial, from, extensions.isEmpty() ? null : extensions.generate());
  }
}
