package io.mysqltlsproxy.pem;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * A private key in PEM: PKCS#8, PKCS#1 (RSA), SEC 1 (EC), each also encrypted.
 *
 * @param key as the file holds it
 */
public record KeyFile(PrivateKey key) {
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

  /** Four times what OpenSSL uses where nobody says how much. */
  private static final long MAX_SCRYPT_BYTES = 64 << 20;

  private static final String CONVERT =
      "give an RSA, EC or Ed25519 key, e.g. of openssl genpkey -algorithm EC"
          + " -pkeyopt ec_paramgen_curve:P-256";

  /** The passphrase was needed and missing, or was the wrong one. */
  public static final class BadPassphrase extends Exception {
    private final boolean given;

    BadPassphrase(boolean given) {
      this.given = given;
    }

    /** Whether there was a passphrase at all. */
    public boolean given() {
      return given;
    }
  }

  /**
   * Reads the file's one private key.
   *
   * @param passphrase of an encrypted key; empty where there is none; not kept
   */
  public static KeyFile read(Path file, char[] passphrase)
      throws UnusableFileException, BadPassphrase {
    PemFile pem = PemFile.read(file);
    List<PemObject> keys = pem.keys();
    if (keys.isEmpty()) {
      throw pem.without(
          "private key",
          pem.certificates().isEmpty()
              ? "give the certificate's private key in PEM"
              : "give the key here and the certificate with --ssl-cert");
    }
    if (keys.size() > 1) {
      throw new UnusableFileException(
          "holds " + keys.size() + " private keys", "leave only the certificate's");
    }
    return new KeyFile(toJdk(decrypt(keys.get(0), passphrase)));
  }

  private static PrivateKeyInfo decrypt(PemObject block, char[] passphrase)
      throws UnusableFileException, BadPassphrase {
    Object parsed = parse(block);
    if (parsed instanceof PrivateKeyInfo info) {
      return info;
    }
    if (parsed instanceof PEMKeyPair pair) {
      return pair.getPrivateKeyInfo();
    }
    if (passphrase.length == 0) {
      throw new BadPassphrase(false);
    }
    Provider provider = BouncyCastle.provider();
    try {
      if (parsed instanceof PEMEncryptedKeyPair pair) {
        return pair.decryptKeyPair(
                new JcePEMDecryptorProviderBuilder().setProvider(provider).build(passphrase))
            .getPrivateKeyInfo();
      }
      if (parsed instanceof PKCS8EncryptedPrivateKeyInfo info) {
        return decrypt(info, provider, passphrase);
      }
    } catch (OperatorCreationException | IllegalArgumentException e) {
      throw new UnusableFileException(
          "is encrypted in a way that is not supported",
          "encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW");
    } catch (IOException | PKCSException e) {
      throw new BadPassphrase(true);
    }
    throw new UnusableFileException("holds a key of an unknown form, " + block.getType(), CONVERT);
  }

  /**
   * Programs differ in the bytes that they make of a passphrase outside ASCII, and Bouncy Castle's
   * two decryptors in those that they try.
   */
  private static PrivateKeyInfo decrypt(
      PKCS8EncryptedPrivateKeyInfo info, Provider provider, char[] passphrase)
      throws OperatorCreationException, PKCSException {
    try {
      return info.decryptPrivateKeyInfo(decryptor(info, provider, passphrase));
    } catch (PKCSException e) {
      return info.decryptPrivateKeyInfo(
          new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(provider).build(passphrase));
    }
  }

  private static InputDecryptorProvider decryptor(
      PKCS8EncryptedPrivateKeyInfo info, Provider provider, char[] passphrase)
      throws OperatorCreationException {
    AlgorithmIdentifier algorithm = info.getEncryptionAlgorithm();
    if (algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
      KeyDerivationFunc function =
          PBES2Parameters.getInstance(algorithm.getParameters()).getKeyDerivationFunc();
      if (function.getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)) {
        checkMemory(ScryptParams.getInstance(function.getParameters()));
      }
      return new JcePKCSPBEInputDecryptorProviderBuilder().setProvider(provider).build(passphrase);
    }
    return new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(provider).build(passphrase);
  }

  /** The file says how much memory it takes to read it. */
  private static void checkMemory(ScryptParams scrypt) {
    BigInteger bytes =
        scrypt
            .getCostParameter()
            .multiply(scrypt.getBlockSize())
            .multiply(scrypt.getParallelizationParameter())
            .shiftLeft(7);
    if (bytes.compareTo(BigInteger.valueOf(MAX_SCRYPT_BYTES)) > 0) {
      throw new IllegalArgumentException("too much memory");
    }
  }

  private static Object parse(PemObject block) throws UnusableFileException {
    StringWriter text = new StringWriter();
    try {
      try (PemWriter writer = new PemWriter(text)) {
        writer.writeObject((PemObjectGenerator) block);
      }
      try (PEMParser parser = new PEMParser(new StringReader(text.toString()))) {
        return parser.readObject();
      }
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new UnusableFileException(
          "holds a damaged or unknown private key (" + block.getType() + ")", CONVERT);
    }
  }

  private static PrivateKey toJdk(PrivateKeyInfo info) throws UnusableFileException {
    ASN1ObjectIdentifier type = info.getPrivateKeyAlgorithm().getAlgorithm();
    String algorithm = ALGORITHMS.get(type);
    if (algorithm == null) {
      throw new UnusableFileException(
          "holds a key of an unsupported type (" + AlgorithmNames.of(type) + ")", CONVERT);
    }
    if (algorithm.equals("EC")) {
      checkCurve(info.getPrivateKeyAlgorithm().getParameters());
    }
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new UnusableFileException(
          "holds a damaged or unsupported " + algorithm + " key", CONVERT);
    }
  }

  private static void checkCurve(@Nullable ASN1Encodable parameters) throws UnusableFileException {
    if (!(parameters instanceof ASN1ObjectIdentifier curve)) {
      throw new UnusableFileException(
          "holds an EC key whose curve is given by parameters, not by name", CONVERT);
    }
    if (!CURVES.contains(curve)) {
      throw new UnusableFileException(
          "holds a key on the curve " + AlgorithmNames.of(curve) + ", which TLS here does not take",
          CONVERT);
    }
  }
}
