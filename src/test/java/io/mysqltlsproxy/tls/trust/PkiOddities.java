package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** What is rarely seen in a certificate: some of it is allowed, some is not. */
final class PkiOddities {
  private static final List<BigInteger> SERIALS =
      List.of(
          BigInteger.ZERO,
          BigInteger.ONE.negate(),
          BigInteger.ONE.shiftLeft(159).negate(),
          BigInteger.ONE.shiftLeft(158),
          BigInteger.ONE.shiftLeft(300));

  private static final List<String> UTC =
      List.of(
          "250101000000Z", "2501010000Z", "250101000000+0000", "491231235959Z", "991332000000Z");

  private static final List<String> GENERALIZED =
      List.of(
          "20250101000000Z",
          "20250101000000.5Z",
          "202501010000Z",
          "20250101000000",
          "99991231235959Z",
          "20400230000000Z");

  private static final List<ASN1ObjectIdentifier> KNOWN =
      List.of(
          Extension.subjectAlternativeName,
          Extension.basicConstraints,
          Extension.keyUsage,
          Extension.extendedKeyUsage,
          Extension.nameConstraints,
          Extension.cRLDistributionPoints,
          Extension.certificatePolicies,
          Extension.policyConstraints,
          Extension.inhibitAnyPolicy,
          Extension.policyMappings,
          Extension.issuerAlternativeName,
          Extension.authorityInfoAccess);

  private final Random random;

  PkiOddities(Random random) {
    this.random = random;
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Makes one thing or another of it odd, or nothing. */
  void of(PkiCertificate certificate) {
    keyIds(certificate);
    if (once(60)) {
      certificate.damagedSignature();
    }
    if (once(60) && certificate.signerKind() == Kind.RSA2048) {
      certificate.signedWith("MD5withRSA");
    }
    if (once(40)) {
      extension(certificate);
    }
    if (once(60)) {
      certificate.shownSerial(any(SERIALS));
    }
    if (once(50)) {
      dates(certificate);
    }
    if (once(60)) {
      key(certificate);
    }
    if (once(8)) {
      certificate.add(
          Extension.cRLDistributionPoints, false, PkiCrls.points(random, certificate.subject));
    }
    if (once(60)) {
      damage(certificate);
    }
  }

  private void keyIds(PkiCertificate certificate) {
    if (once(8)) {
      certificate.withoutSubjectKeyId();
    } else if (once(80)) {
      certificate.subjectKeyIdOf(PkiKeys.any(random));
    }
    if (once(8)) {
      certificate.withoutAuthorityKeyId();
    } else if (once(30)) {
      certificate.namingIssuersSerial();
    }
  }

  private void dates(PkiCertificate certificate) {
    Time from =
        new Time(once(2) ? new DERUTCTime(any(UTC)) : new DERGeneralizedTime(any(GENERALIZED)));
    Time to = new Time(new DERGeneralizedTime(once(2) ? "20990101000000Z" : any(GENERALIZED)));
    certificate.valid(from, to);
  }

  /** Another encoding of the key, or one that no algorithm can use. */
  private void key(PkiCertificate certificate) {
    SubjectPublicKeyInfo info = certificate.shownKey();
    AlgorithmIdentifier algorithm = info.getAlgorithm();
    byte[] bits = info.getPublicKeyData().getOctets();
    if (algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      X9ECParameters curve =
          ECNamedCurveTable.getByOID((ASN1ObjectIdentifier) algorithm.getParameters());
      switch (random.nextInt(3)) {
        case 0 ->
            certificate.shownKey(
                new SubjectPublicKeyInfo(
                    algorithm, curve.getCurve().decodePoint(bits).getEncoded(true)));
        case 1 -> {
          bits[bits.length - 1] ^= 1;
          certificate.shownKey(new SubjectPublicKeyInfo(algorithm, bits));
        }
        default ->
            certificate.shownKey(
                new SubjectPublicKeyInfo(
                    new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), bits));
      }
    } else if (certificate.key.kind() == Kind.RSA2048) {
      RSAPublicKey rsa = RSAPublicKey.getInstance(bits);
      try {
        certificate.shownKey(
            switch (random.nextInt(3)) {
              case 0 ->
                  new SubjectPublicKeyInfo(new AlgorithmIdentifier(algorithm.getAlgorithm()), rsa);
              case 1 ->
                  new SubjectPublicKeyInfo(
                      algorithm,
                      new RSAPublicKey(rsa.getModulus(), BigInteger.ONE.shiftLeft(40).setBit(0)));
              default ->
                  new SubjectPublicKeyInfo(
                      algorithm,
                      new RSAPublicKey(rsa.getModulus().negate(), rsa.getPublicExponent()));
            });
      } catch (java.io.IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * An extension whose content is not what it should be, or one of the client's own that comes
   * twice.
   */
  private void damage(PkiCertificate certificate) {
    ASN1ObjectIdentifier type = any(KNOWN);
    if (certificate.has(type)) {
      return;
    }
    boolean critical = once(2);
    switch (random.nextInt(6)) {
      case 5 -> certificate.add(type, critical, new DERBitString(new byte[random.nextInt(3)]));
      case 0 -> certificate.add(type, critical, new byte[0]);
      case 1 -> certificate.add(type, critical, "garbage".getBytes(StandardCharsets.US_ASCII));
      case 2 -> certificate.add(type, critical, DERNull.INSTANCE);
      case 3 -> certificate.add(type, critical, new DERSequence());
      default -> {
        var own = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2");
        certificate.add(own, false, new ASN1Integer(1));
        certificate.add(own, critical, new ASN1Integer(2));
      }
    }
  }

  /** One that is known or not, critical or not. */
  private void extension(PkiCertificate certificate) {
    ASN1Encodable names =
        new GeneralNames(new GeneralName(GeneralName.dNSName, "issuer.example.com"));
    switch (random.nextInt(8)) {
      case 0 ->
          certificate.add(
              new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), once(2), new ASN1Integer(1));
      case 1 -> certificate.add(Extension.issuerAlternativeName, once(2), names);
      case 2 -> certificate.add(Extension.inhibitAnyPolicy, true, new ASN1Integer(0));
      case 3 ->
          certificate.add(
              Extension.policyConstraints,
              true,
              new DERSequence(new DERTaggedObject(false, 0, new ASN1Integer(0))));
      case 4 ->
          certificate.add(
              Extension.certificatePolicies,
              once(2),
              new DERSequence(new DERSequence(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.3"))));
      case 5 ->
          certificate.add(
              new ASN1ObjectIdentifier("2.16.840.1.113730.1.13"), once(2), new DERIA5String("x"));
      case 6 ->
          certificate.add(
              new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24"),
              once(2),
              new DERSequence(new ASN1Integer(5)));
      default -> certificate.add(Extension.cRLNumber, once(2), new ASN1Integer(1));
    }
  }
}
