package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import io.mysqltlsproxy.tls.trust.PkiKeys.PkiKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * What mysqld judges otherwise than the proxy, as {@code docs/security.md} has it.
 *
 * @param row of its table
 * @param admitted whether mysqld lets the client in
 * @param starts whether the proxy starts, only to refuse the client
 * @param key of the client's own certificate
 * @param sent by the client, its own certificate first
 * @param authorities content of {@code ssl-ca}
 * @param revocations content of {@code ssl-crl}; empty where it is not given
 */
record NativeDifference(
    String row,
    boolean admitted,
    boolean starts,
    PkiKey key,
    List<byte[]> sent,
    String authorities,
    String revocations) {
  private static final String CRL = "X509 CRL";
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String MISPLACED = "a CRL in `ssl-ca`, or a certificate in `ssl-crl`";
  private static final String DAMAGED =
      "damaged extensions, one that comes twice, or any below version 3, in any certificate";
  private static final String MANY =
      "more than 10 sent, more than 32 KB, or a path of more than 16";
  private static final PkiCertificate ROOT = NativeSituation.root();

  private static NativeDifference refusedHere(
      String row, List<PkiCertificate> sent, List<PkiCertificate> trusted) {
    return new NativeDifference(
        row, true, true, sent.get(0).key, der(sent), pem(CERTIFICATE, der(trusted)), "");
  }

  private static NativeDifference notStartedHere(
      String row, boolean admitted, PkiCertificate own, String authorities, String revocations) {
    return new NativeDifference(
        row, admitted, false, own.key, List.of(own.der()), authorities, revocations);
  }

  private static List<byte[]> der(List<PkiCertificate> all) {
    return all.stream().map(PkiCertificate::der).toList();
  }

  private static String pem(String type, List<byte[]> all) {
    return OpenSslOracle.pem(type, all);
  }

  private static String pem(PkiCertificate certificate) {
    return pem(CERTIFICATE, List.of(certificate.der()));
  }

  private static String pem(PkiCrl... crls) {
    return pem(CRL, Stream.of(crls).map(PkiCrl::der).toList());
  }

  private static PkiCertificate laura() {
    return NativeSituation.laura().by(ROOT);
  }

  static Stream<NativeDifference> all() {
    return Stream.of(keys(), extensions(), bounds(), lists()).flatMap(each -> each);
  }

  private static Stream<NativeDifference> keys() {
    PkiCertificate dsa = NativeSituation.certificate("CN=Root", Kind.DSA, 0).authority();
    PkiCertificate slow = new PkiCertificate("CN=Root", longExponent(), 9001).authority();
    return Stream.of(
        refusedHere(
            "DSA: its own key, or an authority's",
            List.of(NativeSituation.laura().by(dsa)),
            List.of(dsa)),
        refusedHere(
            "RSA exponent of more than 33 bits",
            List.of(NativeSituation.laura().by(slow.signedAsUsual())),
            List.of(slow)));
  }

  private static PkiKey longExponent() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(
          new RSAKeyGenParameterSpec(2048, BigInteger.ONE.shiftLeft(40).nextProbablePrime()));
      return new PkiKey(Kind.RSA2048, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<NativeDifference> extensions() {
    var own = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2");
    PkiCertificate twice =
        NativeSituation.certificate("CN=Other", 5)
            .authority()
            .add(own, false, new ASN1Integer(1))
            .add(own, false, new ASN1Integer(2));
    PkiCertificate damaged =
        NativeSituation.certificate("CN=Other", 5)
            .add(Extension.basicConstraints, true, DERNull.INSTANCE);
    PkiCertificate second = NativeSituation.certificate("CN=Other", 5).version(2);
    return Stream.of(
        refusedHere(DAMAGED, List.of(laura(), twice), List.of(ROOT)),
        refusedHere(DAMAGED, List.of(laura(), damaged), List.of(ROOT)),
        refusedHere(DAMAGED, List.of(laura(), second), List.of(ROOT)),
        notStartedHere(DAMAGED, true, laura(), pem(ROOT) + pem(twice), ""));
  }

  private static Stream<NativeDifference> bounds() {
    List<PkiCertificate> many = new ArrayList<>();
    PkiCertificate issuer = ROOT;
    for (int i = 0; i < 10; i++) {
      issuer = NativeSituation.certificate("CN=Sub" + i, 2 + i).by(issuer).authority();
      many.add(0, issuer);
    }
    many.add(0, NativeSituation.laura().by(issuer));
    PkiCertificate large =
        laura().add(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), false, new byte[33_000]);
    List<PkiCertificate> path = new ArrayList<>(List.of(ROOT));
    for (int i = 0; i < 16; i++) {
      PkiCertificate above = path.get(0);
      path.add(0, NativeSituation.certificate("CN=Sub" + i, 2 + i).by(above).authority());
    }
    String subject = "CN=x,".repeat(101).replaceFirst(",$", "");
    return Stream.of(
        refusedHere(MANY, many, List.of(ROOT)),
        refusedHere(MANY, List.of(large), List.of(ROOT)),
        refusedHere(MANY, List.of(NativeSituation.laura().by(path.get(0))), path),
        refusedHere(
            "a subject or issuer of more than 100 attributes",
            List.of(NativeSituation.certificate(subject, 1).by(ROOT)),
            List.of(ROOT)));
  }

  private static Stream<NativeDifference> lists() {
    PkiCertificate own = laura();
    PkiCertificate other = NativeSituation.certificate("CN=Other", 5).authority();
    PkiCertificate ofOther = NativeSituation.laura().by(other);
    String good = pem(new PkiCrl(ROOT));
    String revoking = pem(new PkiCrl(ROOT).revoke(own));
    String delta =
        pem(
            new PkiCrl(ROOT)
                .revoke(own)
                .add(Extension.cRLNumber, false, new ASN1Integer(2))
                .add(Extension.deltaCRLIndicator, true, new ASN1Integer(1)));
    String partial = "delta CRLs, indirect CRLs, and CRLs of some reasons only";
    return Stream.of(
        notStartedHere(partial, true, own, pem(ROOT), good + delta),
        notStartedHere(MISPLACED, true, own, pem(ROOT) + revoking, ""),
        notStartedHere(MISPLACED, false, own, pem(ROOT) + revoking, pem(new PkiCrl(other))),
        notStartedHere(MISPLACED, true, ofOther, pem(ROOT), pem(other) + pem(new PkiCrl(other))),
        notStartedHere(
            "a `TRUSTED CERTIFICATE` with OpenSSL's trust settings",
            false,
            own,
            trustedFor(KeyPurposeId.id_kp_serverAuth),
            ""));
  }

  /** The root and, as {@code openssl x509 -addtrust} writes it, for what alone it is trusted. */
  private static String trustedFor(KeyPurposeId purpose) {
    try {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.write(ROOT.der());
      both.write(new DERSequence(new DERSequence(purpose.toOID())).getEncoded());
      return pem("TRUSTED CERTIFICATE", List.of(both.toByteArray()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return row;
  }
}
