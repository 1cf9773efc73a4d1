package io.mysqltlsproxy.pem;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/** The kinds of private keys with which TLS here can be served, as Java has them. */
final class KeyKind {
  private static final Map<ASN1ObjectIdentifier, String> ALGORITHMS =
      Map.of(
          PKCSObjectIdentifiers.rsaEncryption, "RSA",
          X9ObjectIdentifiers.id_ecPublicKey, "EC",
          EdECObjectIdentifiers.id_Ed25519, "Ed25519");

  private static final Set<ASN1ObjectIdentifier> CURVES =
      Set.of(
          SECObjectIdentifiers.secp256r1,
          SECObjectIdentifiers.secp384r1,
          SECObjectIdentifiers.secp521r1);

  /** A key of two primes has nine parts (RFC 8017, appendix A.1.2). */
  private static final int PARTS_OF_TWO_PRIMES = 9;

  /** Nothing converts one kind into another. */
  static final String MAKE_ANOTHER =
      "make a key of RSA, P-256, P-384, P-521 or Ed25519, e.g. openssl genpkey -algorithm EC"
          + " -pkeyopt ec_paramgen_curve:P-256 -out NEW.pem, and have its certificate issued";

  private KeyKind() {}

  /**
   * The key as Java has it.
   *
   * @param info also of version 2, with attributes or the public key, which are left out: not every
   *     TLS library reads them
   * @param file where it comes from, for messages
   */
  static PrivateKey toJdk(PrivateKeyInfo info, Path file) throws UnusableFileException {
    ASN1ObjectIdentifier type = info.getPrivateKeyAlgorithm().getAlgorithm();
    String algorithm = ALGORITHMS.get(type);
    if (algorithm == null) {
      throw new UnusableFileException(
          "holds a key of an unsupported type (" + AlgorithmNames.of(type) + ")", MAKE_ANOTHER);
    }
    try {
      ASN1Encodable key = info.parsePrivateKey();
      if (algorithm.equals("EC")) {
        checkCurve(info.getPrivateKeyAlgorithm().getParameters(), file);
      } else if (algorithm.equals("RSA")
          && ASN1Sequence.getInstance(key).size() != PARTS_OF_TWO_PRIMES) {
        throw new UnusableFileException("holds an RSA key of more than two primes", MAKE_ANOTHER);
      }
      PrivateKeyInfo plain = new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), key);
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(plain.getEncoded()));
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new UnusableFileException(
          "holds a damaged " + algorithm + " key",
          "copy it again, from BEGIN to END; openssl pkey -check -noout -in "
              + file
              + " says whether it is sound");
    }
  }

  private static void checkCurve(@Nullable ASN1Encodable parameters, Path file)
      throws UnusableFileException {
    if (!(parameters instanceof ASN1ObjectIdentifier curve)) {
      throw new UnusableFileException(
          "holds an EC key whose curve is given by parameters, not by name",
          "convert it: openssl ec -param_enc named_curve -in " + file + " -out NEW.pem");
    }
    if (!CURVES.contains(curve)) {
      throw new UnusableFileException(
          "holds a key on the curve " + AlgorithmNames.of(curve) + ", which TLS here does not take",
          MAKE_ANOTHER);
    }
  }
}
