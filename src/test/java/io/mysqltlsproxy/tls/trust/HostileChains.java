package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.CertificateReader;
import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import io.mysqltlsproxy.tls.trust.PkiKeys.PkiKey;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.GeneralName;

/** Chains that a client can make without any authority's help, to cost the proxy time. */
final class HostileChains {
  /** Ways to do it. */
  enum Chain {
    /** Nine that say that the root has signed them, each with another's signature. */
    FORGED_ISSUERS_P256(Kind.P256),
    FORGED_ISSUERS_P384(Kind.P384),
    FORGED_ISSUERS_P521(Kind.P521),
    FORGED_ISSUERS_RSA(Kind.RSA2048),
    FORGED_ISSUERS_ED448(Kind.ED448),
    /** Nine of one name, each of which may have signed each. */
    ONE_NAME(Kind.P256),
    /** Keys of 16,384 bits that sign each other. */
    LARGE_KEYS(Kind.P256),
    /** As many alternative names as there is room for. */
    MANY_NAMES(Kind.P256),
    /** Sequences in sequences. */
    DEEP(Kind.P256),
    /** Sequences in sequences in a name. */
    DEEP_NAME(Kind.P256),
    /** A name of as many parts as there is room for. */
    LONG_NAME(Kind.P256),
    /** A name of one part with as many values, out of order: a set is to be sorted. */
    WIDE_NAME(Kind.P256),
    /** Its alternative names are such. */
    WIDE_ALTERNATIVE_NAME(Kind.P256),
    /** Names that are long in a log. */
    UNPRINTABLE_NAME(Kind.P256),
    MANY_EXTENSIONS(Kind.P256),
    MANY_PURPOSES(Kind.P256),
    MANY_DISTRIBUTION_POINTS(Kind.P256),
    MANY_POLICIES(Kind.P256),
    MANY_NAME_CONSTRAINTS(Kind.P256),
    /** An object identifier of 30 KB. */
    LONG_IDENTIFIER(Kind.P256),
    /** Numbers of 30 KB, where there are numbers. */
    LONG_SERIAL(Kind.P256),
    LONG_PATH_LENGTH(Kind.P256),
    LONG_EXPONENT(Kind.P256),
    /** Compressed points, each a square root. */
    COMPRESSED_POINTS(Kind.P256);

    private final Kind authority;

    Chain(Kind authority) {
      this.authority = authority;
    }
  }

  private final PkiCertificate root;
  private final PkiKey own;
  private final ClientCertificateVerifier verifier;
  private final X509Certificate[] sent;

  private HostileChains(
      PkiCertificate root, PkiKey own, ClientCertificateVerifier verifier, X509Certificate[] sent) {
    this.root = root;
    this.own = own;
    this.verifier = verifier;
    this.sent = sent;
  }

  static HostileChains make(Chain chain) {
    PkiCertificate root =
        new PkiCertificate("CN=Root", PkiKeys.of(chain.authority, 0), 1).authority();
    PkiCertificate forger =
        new PkiCertificate("CN=Root", otherKey(chain.authority), 2)
            .authority()
            .withoutSubjectKeyId();
    List<PkiCertificate> made = new ArrayList<>();
    switch (chain) {
      case ONE_NAME -> oneName(made);
      case LARGE_KEYS -> largeKeys(made, forger);
      case MANY_NAMES -> made.add(manyNames(forger));
      case DEEP -> made.add(deep(forger));
      case FORGED_ISSUERS_P256,
          FORGED_ISSUERS_P384,
          FORGED_ISSUERS_P521,
          FORGED_ISSUERS_RSA,
          FORGED_ISSUERS_ED448 ->
          forged(made, forger);
      default -> HostileContents.add(chain, made, forger);
    }
    try {
      List<X509Certificate> sent = new ArrayList<>();
      for (PkiCertificate each : made) {
        sent.add(CertificateReader.read(each.der()));
      }
      TrustedAuthorities authorities =
          TrustedAuthorities.of(List.of(CertificateReader.read(root.der())));
      return new HostileChains(
          root,
          made.get(0).key,
          new ClientCertificateVerifier(authorities, Optional.empty()),
          sent.toArray(X509Certificate[]::new));
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PkiKey otherKey(Kind kind) {
    PkiKey one = PkiKeys.of(kind, 1);
    return one.equals(PkiKeys.of(kind, 0)) ? PkiKeys.fresh(kind) : one;
  }

  private static void forged(List<PkiCertificate> made, PkiCertificate forger) {
    for (int i = 0; i < 9; i++) {
      PkiCertificate sub =
          new PkiCertificate("CN=Sub", PkiKeys.of(Kind.P256, 0), 10 + i)
              .by(forger)
              .authority()
              .withoutSubjectKeyId();
      if (made.isEmpty()) {
        made.add(new PkiCertificate("CN=x", PkiKeys.of(Kind.P256, 1), 99).by(sub));
      }
      made.add(sub);
    }
  }

  private static void oneName(List<PkiCertificate> made) {
    for (int i = 0; i < 10; i++) {
      PkiCertificate by =
          new PkiCertificate("CN=Sub", PkiKeys.of(Kind.P256, i), 100 + i).withoutSubjectKeyId();
      made.add(
          new PkiCertificate("CN=Sub", PkiKeys.of(Kind.RSA2048, i), 200 + i)
              .by(by)
              .authority()
              .withoutSubjectKeyId());
    }
  }

  private static void largeKeys(List<PkiCertificate> made, PkiCertificate forger) {
    Random random = new Random(1);
    for (int i = 0; i < 7; i++) {
      BigInteger modulus = new BigInteger(16_384, random).setBit(16_383).setBit(0);
      BigInteger exponent = BigInteger.ONE.shiftLeft(32).add(BigInteger.ONE);
      try {
        var key =
            KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
        PkiKey large = new PkiKey(Kind.RSA2048, new KeyPair(key, forger.key.pair().getPrivate()));
        made.add(
            new PkiCertificate("CN=Root", large, 300 + i)
                .by(forger)
                .authority()
                .withoutSubjectKeyId());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static PkiCertificate manyNames(PkiCertificate forger) {
    GeneralName[] names = new GeneralName[6000];
    for (int i = 0; i < names.length; i++) {
      names[i] = new GeneralName(GeneralName.dNSName, "a" + (i % 10));
    }
    return new PkiCertificate("CN=x", PkiKeys.of(Kind.P256, 1), 400)
        .by(forger)
        .alternativeNames(false, names);
  }

  private static PkiCertificate deep(PkiCertificate forger) {
    ASN1Encodable nested = DERNull.INSTANCE;
    for (int i = 0; i < 3000; i++) {
      ASN1EncodableVector one = new ASN1EncodableVector();
      one.add(nested);
      nested = new DERSequence(one);
    }
    return new PkiCertificate("CN=x", PkiKeys.of(Kind.P256, 1), 500)
        .by(forger)
        .add(new ASN1ObjectIdentifier("2.5.29.17"), false, nested);
  }

  /** The authority that has signed none of it, in PEM. */
  String authority() {
    return OpenSslOracle.pem("CERTIFICATE", List.of(root.der()));
  }

  /** A client that sends it. */
  SSLContext client() {
    try {
      SSLContext client = SSLContext.getInstance("TLS");
      client.init(
          new KeyManager[] {new FixedKey(own.pair().getPrivate(), sent)},
          InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
          null);
      return client;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Why it is refused; empty where it is not. */
  String judge() {
    try {
      verifier.verify(sent);
      return "";
    } catch (CertificateException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
