package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.HostileChains.Chain;
import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.DLSequence;
import org.bouncycastle.asn1.DLSet;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Certificates that fill what a client may send with much of one thing. */
final class HostileContents {
  private static final int ROOM = 30_000;

  private HostileContents() {}

  static void add(Chain chain, List<PkiCertificate> made, PkiCertificate forger) {
    if (chain == Chain.COMPRESSED_POINTS) {
      compressed(made, forger);
      return;
    }
    made.add(
        switch (chain) {
          case DEEP_NAME -> named(name(1, i -> part(BCStyle.CN, nested(3000))), forger);
          case LONG_NAME ->
              named(name(ROOM / 14, i -> part(BCStyle.CN, text("" + i % 10))), forger);
          case WIDE_NAME -> named(wide(ROOM / 16), forger);
          case UNPRINTABLE_NAME ->
              named(name(1, i -> part(BCStyle.CN, text("\u0001\"\\".repeat(ROOM / 4)))), forger);
          default -> extended(chain, own(forger));
        });
  }

  private static PkiCertificate extended(Chain chain, PkiCertificate own) {
    return switch (chain) {
      case WIDE_ALTERNATIVE_NAME -> own.alternativeNames(false, new GeneralName(wide(ROOM / 16)));
      case MANY_EXTENSIONS -> {
        for (int i = 0; i < ROOM / 18; i++) {
          own.add(new ASN1ObjectIdentifier("1.3.6.1.4." + (i + 2)), false, DERNull.INSTANCE);
        }
        yield own;
      }
      case MANY_PURPOSES ->
          own.add(
              Extension.extendedKeyUsage,
              false,
              sequence(ROOM / 8, i -> new ASN1ObjectIdentifier("1.3.6.1.5." + (i + 2))));
      case MANY_DISTRIBUTION_POINTS ->
          own.add(
              Extension.cRLDistributionPoints, false, sequence(ROOM / 2, i -> new DERSequence()));
      case MANY_POLICIES ->
          own.add(
              Extension.certificatePolicies,
              true,
              sequence(
                  ROOM / 10,
                  i -> new DERSequence(new ASN1ObjectIdentifier("1.3.6.1.5." + (i + 2)))));
      case MANY_NAME_CONSTRAINTS -> {
        GeneralSubtree[] trees = new GeneralSubtree[ROOM / 6];
        Arrays.fill(trees, new GeneralSubtree(new GeneralName(GeneralName.dNSName, "a")));
        yield own.limiting(trees, new GeneralSubtree[0]);
      }
      case LONG_IDENTIFIER -> own.add(longIdentifier(), false, DERNull.INSTANCE);
      case LONG_SERIAL -> own.shownSerial(large());
      case LONG_PATH_LENGTH ->
          own.add(
              Extension.basicConstraints,
              true,
              new DERSequence(new ASN1Encodable[] {ASN1Boolean.TRUE, new ASN1Integer(large())}));
      default -> own.shownKey(rsa(large()));
    };
  }

  private static PkiCertificate own(PkiCertificate forger) {
    return named(new X500Name("CN=x"), forger);
  }

  private static PkiCertificate named(X500Name name, PkiCertificate forger) {
    return new PkiCertificate(name, PkiKeys.of(Kind.P256, 1), 600).by(forger);
  }

  private static BigInteger large() {
    return BigInteger.ONE.shiftLeft(8 * ROOM).subtract(BigInteger.ONE);
  }

  private static SubjectPublicKeyInfo rsa(BigInteger exponent) {
    try {
      return new SubjectPublicKeyInfo(
          new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
          new RSAPublicKey(BigInteger.ONE.shiftLeft(2047).setBit(0), exponent));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An arc of as many digits as fit: its decimal form takes time that grows with the square. */
  private static ASN1ObjectIdentifier longIdentifier() {
    byte[] content = new byte[4000];
    Arrays.fill(content, (byte) 0xff);
    content[0] = 0x2b;
    content[content.length - 1] = 0x7f;
    return ASN1ObjectIdentifier.fromContents(content);
  }

  private static DERUTF8String text(String text) {
    return new DERUTF8String(text);
  }

  private static ASN1Primitive nested(int depth) {
    ASN1Primitive nested = DERNull.INSTANCE;
    for (int i = 0; i < depth; i++) {
      nested = new DLSequence(nested);
    }
    return nested;
  }

  private static DLSequence part(ASN1ObjectIdentifier type, ASN1Encodable value) {
    return new DLSequence(new ASN1Encodable[] {type, value});
  }

  private static DLSequence sequence(int count, IntFunction<ASN1Encodable> element) {
    return new DLSequence(
        IntStream.range(0, count).mapToObj(element).toArray(ASN1Encodable[]::new));
  }

  private static X500Name name(int count, IntFunction<ASN1Encodable> part) {
    return X500Name.getInstance(sequence(count, i -> new DLSet(part.apply(i))));
  }

  /** Its values in descending order: the worst for a sort by insertion. */
  private static X500Name wide(int count) {
    ASN1Encodable[] parts =
        IntStream.range(0, count)
            .mapToObj(i -> part(BCStyle.CN, text("%05d".formatted(count - i))))
            .toArray(ASN1Encodable[]::new);
    return X500Name.getInstance(new DLSequence(new DLSet(parts)));
  }

  /** Each of a key on P-521 that has to be decompressed to be read. */
  private static void compressed(List<PkiCertificate> made, PkiCertificate forger) {
    var curve = ECNamedCurveTable.getByOID(SECObjectIdentifiers.secp521r1);
    var algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp521r1);
    for (int i = 0; i < 10; i++) {
      byte[] point =
          curve.getG().multiply(BigInteger.valueOf(1000 + i)).normalize().getEncoded(true);
      made.add(
          new PkiCertificate("CN=Root", PkiKeys.of(Kind.P521, 0), 700 + i)
              .by(forger)
              .authority()
              .withoutSubjectKeyId()
              .shownKey(new SubjectPublicKeyInfo(algorithm, point)));
    }
  }
}
