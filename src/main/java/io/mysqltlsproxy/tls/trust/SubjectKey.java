package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.AlgorithmNames;
import io.mysqltlsproxy.pem.BouncyCastle;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.teletrust.TeleTrusTObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * The key of a certificate, measured before anything is computed with it: a peer can make a key of
 * any size that holds a processor up for seconds.
 */
final class SubjectKey {
  /** Below it OpenSSL's security level 2, that of mysqld, finds a key too weak: 112 bits. */
  private static final int MIN_MODULUS_LENGTH = 1963;

  /** As OpenSSL. */
  private static final int MAX_MODULUS_LENGTH = 16_384;

  /** As BoringSSL; every CA uses 65537. */
  private static final int MAX_EXPONENT_LENGTH = 33;

  /** Kinds of keys, and by which name a signature asks for one. */
  enum Kind {
    RSA("RSA", false),
    RSA_PSS("RSASSA-PSS", false),
    EC("EC", true),
    ED25519("Ed25519", true),
    ED448("Ed448", true),
    /** Known by name only, as OpenSSL knows it: nothing is computed with such a key. */
    DSA("", false),
    OTHER("", false);

    private final String keyFactory;
    private final boolean byBouncyCastle;

    Kind(String keyFactory, boolean byBouncyCastle) {
      this.keyFactory = keyFactory;
      this.byBouncyCastle = byBouncyCastle;
    }

    private KeyFactory keyFactory() throws GeneralSecurityException {
      return byBouncyCastle
          ? KeyFactory.getInstance(keyFactory, BouncyCastle.provider())
          : KeyFactory.getInstance(keyFactory);
    }

    /** Whose signatures are quickest: with EC keys Bouncy Castle needs a sixth of Java's time. */
    Signature signature(String algorithm) throws GeneralSecurityException {
      return byBouncyCastle
          ? Signature.getInstance(algorithm, BouncyCastle.provider())
          : Signature.getInstance(algorithm);
    }
  }

  /** Why a key is not one to work with. */
  private enum Flaw {
    NONE,
    DAMAGED,
    EXPLICIT_PARAMETERS,
    NOT_TAKEN
  }

  /** A curve, and how long it takes to verify a signature, in microseconds. */
  private record Curve(String name, int micros) {}

  private static final Map<ASN1ObjectIdentifier, Kind> KINDS =
      Map.of(
          X9ObjectIdentifiers.id_dsa, Kind.DSA,
          PKCSObjectIdentifiers.rsaEncryption, Kind.RSA,
          PKCSObjectIdentifiers.id_RSASSA_PSS, Kind.RSA_PSS,
          X9ObjectIdentifiers.id_ecPublicKey, Kind.EC,
          EdECObjectIdentifiers.id_Ed25519, Kind.ED25519,
          EdECObjectIdentifiers.id_Ed448, Kind.ED448);

  private static final Map<ASN1ObjectIdentifier, Curve> CURVES =
      Map.of(
          SECObjectIdentifiers.secp224r1, new Curve("P-224", 400),
          SECObjectIdentifiers.secp256r1, new Curve("P-256", 170),
          SECObjectIdentifiers.secp256k1, new Curve("secp256k1", 200),
          SECObjectIdentifiers.secp384r1, new Curve("P-384", 370),
          SECObjectIdentifiers.secp521r1, new Curve("P-521", 650),
          TeleTrusTObjectIdentifiers.brainpoolP256r1, new Curve("brainpoolP256r1", 900),
          TeleTrusTObjectIdentifiers.brainpoolP384r1, new Curve("brainpoolP384r1", 1800),
          TeleTrusTObjectIdentifiers.brainpoolP512r1, new Curve("brainpoolP512r1", 3000));

  private final byte[] encoded;
  private final Kind kind;
  private final int micros;
  private final String description;
  private final @Nullable String problem;
  private final Flaw flaw;
  private @Nullable PublicKey key;
  private boolean unreadable;

  private SubjectKey(
      SubjectPublicKeyInfo info,
      Kind kind,
      int micros,
      String description,
      Flaw flaw,
      @Nullable String problem) {
    try {
      encoded = info.getEncoded();
    } catch (IOException e) {
      throw new IllegalArgumentException("it was read from its encoding", e);
    }
    this.kind = kind;
    this.micros = micros;
    this.description = description;
    this.flaw = flaw;
    this.problem = problem;
  }

  static SubjectKey of(SubjectPublicKeyInfo info) {
    ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
    Kind kind = KINDS.getOrDefault(algorithm, Kind.OTHER);
    return switch (kind) {
      case RSA, RSA_PSS -> rsa(info, kind);
      case EC -> ec(info);
      case ED25519 -> new SubjectKey(info, kind, 100, "Ed25519", Flaw.NONE, null);
      case ED448 -> new SubjectKey(info, kind, 350, "Ed448", Flaw.NONE, null);
      case DSA, OTHER -> {
        String name = "a key of the kind " + AlgorithmNames.of(algorithm);
        yield new SubjectKey(info, kind, 0, name, Flaw.NOT_TAKEN, name + " is not taken");
      }
    };
  }

  private static SubjectKey rsa(SubjectPublicKeyInfo info, Kind kind) {
    org.bouncycastle.asn1.pkcs.RSAPublicKey rsa;
    try {
      rsa = org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(info.parsePublicKey());
    } catch (IOException | IllegalArgumentException e) {
      return new SubjectKey(
          info, kind, 0, "a damaged RSA key", Flaw.DAMAGED, "its RSA key is damaged");
    }
    int bits = rsa.getModulus().bitLength();
    int exponent = rsa.getPublicExponent().bitLength();
    String name = (kind == Kind.RSA ? "RSA of " : "RSA-PSS of ") + bits + " bits";
    String problem = null;
    if (rsa.getModulus().signum() <= 0 || bits < MIN_MODULUS_LENGTH) {
      problem = "its RSA key of " + bits + " bits is too short: give it one of 2048 or more";
    } else if (bits > MAX_MODULUS_LENGTH) {
      problem = "its RSA key of " + bits + " bits is too long: give it one of 2048 to 4096";
    } else if (rsa.getPublicExponent().signum() <= 0 || exponent > MAX_EXPONENT_LENGTH) {
      problem = "the exponent of its RSA key is longer than " + MAX_EXPONENT_LENGTH + " bits";
    }
    long micros = 10L * (bits / 1024 + 1) * (bits / 1024 + 1) * (exponent + 8) / 25;
    return new SubjectKey(
        info,
        kind,
        (int) Math.min(micros, Integer.MAX_VALUE),
        name,
        problem == null ? Flaw.NONE : Flaw.NOT_TAKEN,
        problem);
  }

  private static SubjectKey ec(SubjectPublicKeyInfo info) {
    ASN1Encodable parameters = info.getAlgorithm().getParameters();
    if (!(parameters instanceof ASN1ObjectIdentifier curveId)) {
      return new SubjectKey(
          info,
          Kind.EC,
          0,
          "EC with parameters of its own",
          Flaw.EXPLICIT_PARAMETERS,
          "the curve of its EC key is given by parameters, not by name");
    }
    Curve curve = CURVES.get(curveId);
    if (curve == null) {
      String name = "EC on the curve " + AlgorithmNames.of(curveId);
      return new SubjectKey(
          info,
          Kind.EC,
          0,
          name,
          Flaw.NOT_TAKEN,
          "a key on the curve "
              + AlgorithmNames.of(curveId)
              + " is not taken: use P-256, P-384 or P-521");
    }
    return new SubjectKey(info, Kind.EC, curve.micros, "EC on " + curve.name, Flaw.NONE, null);
  }

  Kind kind() {
    return kind;
  }

  /** Kind and size: {@code RSA of 2048 bits}. */
  String description() {
    return description;
  }

  /** How long it takes to check a signature with it, roughly. */
  int micros() {
    return micros;
  }

  boolean hasExplicitParameters() {
    return flaw == Flaw.EXPLICIT_PARAMETERS;
  }

  /** Why the key is not one to work with, as a clause; null where it is. */
  @Nullable String problem() {
    return problem;
  }

  /** The same, and whether it can be read at all, which costs more. */
  @Nullable String problemWhenRead() {
    if (problem != null) {
      return problem;
    }
    try {
      read();
      return null;
    } catch (GeneralSecurityException e) {
      return "its " + description + " key is damaged";
    }
  }

  /** Whether it is of a kind that is known, but no key. */
  boolean isDamaged() {
    return flaw == Flaw.DAMAGED || (problem == null && problemWhenRead() != null);
  }

  /** The key of a kind and size that is in bounds. */
  synchronized PublicKey read() throws GeneralSecurityException {
    if (problem != null || unreadable) {
      throw new GeneralSecurityException(problem == null ? "damaged" : problem);
    }
    PublicKey known = key;
    if (known == null) {
      unreadable = true;
      known = kind.keyFactory().generatePublic(new X509EncodedKeySpec(encoded));
      unreadable = false;
      key = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SubjectKey same && Arrays.equals(encoded, same.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }
}
