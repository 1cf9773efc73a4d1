package io.mysqltlsproxy.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.InputDecryptor;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.util.encoders.DecoderException;
import org.bouncycastle.util.encoders.Hex;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A block of PEM that holds a private key, and how it is opened.
 *
 * @param file where it stands, for messages
 */
record KeyBlock(PemObject block, Path file) {
  /** Four times what OpenSSL uses where nobody says how much. */
  private static final long MAX_SCRYPT_BYTES = 64 << 20;

  /** The cipher and its initialization vector, of which Bouncy Castle reads these. */
  private static final Pattern ENCRYPTION =
      Pattern.compile(
          "((?:AES-(?:128|192|256)|DES-EDE3?|DES|BF|RC2(?:-40|-64)?)-(?:CBC|CFB|OFB|ECB))"
              + ",([0-9A-Fa-f]*)");

  /**
   * Opens it.
   *
   * @param passphrase empty where there is none
   */
  PrivateKeyInfo decrypt(char[] passphrase) throws UnusableFileException, KeyFile.BadPassphrase {
    boolean pkcs8 = block.getType().equals("ENCRYPTED PRIVATE KEY");
    boolean traditional = header("DEK-Info").isPresent() || header("Proc-Type").isPresent();
    if ((pkcs8 || traditional) && passphrase.length == 0) {
      throw new KeyFile.BadPassphrase(false);
    }
    try {
      if (pkcs8) {
        return decrypt(EncryptedPrivateKeyInfo.getInstance(block.getContent()), passphrase);
      }
      if (!traditional) {
        return read(block.getContent());
      }
    } catch (RuntimeException damaged) { // Bouncy Castle has several for it
      throw damaged();
    }
    byte[] content = decrypt(header("DEK-Info").orElse(""), passphrase);
    try {
      return read(content);
    } catch (RuntimeException garbage) {
      throw new KeyFile.BadPassphrase(true);
    }
  }

  private Optional<String> header(String name) {
    @SuppressWarnings("unchecked") // they are PemScanner's
    List<PemHeader> headers = block.getHeaders();
    return headers.stream()
        .filter(header -> header.getName().equals(name))
        .map(PemHeader::getValue)
        .findFirst();
  }

  private UnusableFileException damaged() {
    return new UnusableFileException(
        "holds a damaged private key (" + block.getType() + ")",
        "copy it again, from BEGIN to END; openssl pkey -check -noout -in "
            + file
            + " says whether it is sound");
  }

  private PrivateKeyInfo read(byte[] content) throws UnusableFileException {
    return switch (block.getType()) {
      case "PRIVATE KEY" -> PrivateKeyInfo.getInstance(content);
      case "RSA PRIVATE KEY" ->
          of(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
              ASN1Sequence.getInstance(content));
      case "EC PRIVATE KEY" -> {
        ECPrivateKey key = ECPrivateKey.getInstance(content);
        ASN1Encodable parameters = key.getParametersObject();
        if (parameters == null) {
          throw new UnusableFileException(
              "holds an EC key that does not say on which curve it is", KeyKind.MAKE_ANOTHER);
        }
        yield of(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, parameters), key);
      }
      case "DSA PRIVATE KEY" ->
          throw new UnusableFileException(
              "holds a key of an unsupported type (DSA)", KeyKind.MAKE_ANOTHER);
      case "OPENSSH PRIVATE KEY" ->
          throw new UnusableFileException(
              "holds an SSH key in OpenSSH's own form",
              "TLS needs a certificate and its key in PEM; make them with mysql-tls-proxy certs");
      default ->
          throw new UnusableFileException(
              "holds a key of an unknown form, " + block.getType(),
              "convert it: openssl pkey -in " + file + " -out NEW.pem");
    };
  }

  private static PrivateKeyInfo of(AlgorithmIdentifier algorithm, ASN1Encodable key) {
    try {
      return new PrivateKeyInfo(algorithm, key);
    } catch (IOException e) {
      throw new IllegalArgumentException("it was read from its encoding", e);
    }
  }

  /** As OpenSSL before 1.0 wrote keys, and {@code -traditional} does: RFC 1421, section 4.6. */
  private byte[] decrypt(String encryption, char[] passphrase)
      throws UnusableFileException, KeyFile.BadPassphrase {
    Matcher parts = ENCRYPTION.matcher(encryption);
    if (!parts.matches()) {
      throw unsupported(encryption.replaceFirst(",.*", ""));
    }
    try {
      return new JcePEMDecryptorProviderBuilder()
          .setProvider(BouncyCastle.provider())
          .build(passphrase)
          .get(parts.group(1))
          .decrypt(block.getContent(), Hex.decode(parts.group(2)));
    } catch (PEMException e) {
      throw new KeyFile.BadPassphrase(true);
    } catch (OperatorCreationException | IllegalArgumentException | DecoderException e) {
      throw damaged();
    }
  }

  /** PKCS#8: RFC 5958, and RFC 8018 for the ways of encryption. */
  private PrivateKeyInfo decrypt(EncryptedPrivateKeyInfo info, char[] passphrase)
      throws UnusableFileException, KeyFile.BadPassphrase {
    AlgorithmIdentifier algorithm = info.getEncryptionAlgorithm();
    Optional<PrivateKeyInfo> key;
    try {
      key = decrypt(info, decryptor(algorithm, passphrase));
    } catch (OperatorCreationException | IllegalArgumentException e) {
      throw unsupported(description(algorithm));
    }
    return key.or(() -> decryptAsBefore(info, passphrase))
        .orElseThrow(() -> new KeyFile.BadPassphrase(true));
  }

  /**
   * Programs differ in the bytes that they make of a passphrase outside ASCII, and Bouncy Castle's
   * two decryptors in those that they try.
   */
  private static Optional<PrivateKeyInfo> decryptAsBefore(
      EncryptedPrivateKeyInfo info, char[] passphrase) {
    try {
      return decrypt(info, openSsl(passphrase));
    } catch (OperatorCreationException | RuntimeException notItsOwn) {
      return Optional.empty();
    }
  }

  /**
   * Decrypts and reads it.
   *
   * @return empty where the passphrase is not the right one
   */
  private static Optional<PrivateKeyInfo> decrypt(
      EncryptedPrivateKeyInfo info, InputDecryptorProvider decryptors)
      throws OperatorCreationException {
    InputDecryptor decryptor = decryptors.get(info.getEncryptionAlgorithm());
    var encrypted = new ByteArrayInputStream(info.getEncryptedData());
    try (InputStream decrypted = decryptor.getInputStream(encrypted)) {
      return Optional.of(PrivateKeyInfo.getInstance(decrypted.readAllBytes()));
    } catch (IOException | RuntimeException garbage) {
      return Optional.empty();
    }
  }

  private static InputDecryptorProvider decryptor(AlgorithmIdentifier algorithm, char[] passphrase)
      throws OperatorCreationException {
    if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
      return openSsl(passphrase);
    }
    KeyDerivationFunc function =
        PBES2Parameters.getInstance(algorithm.getParameters()).getKeyDerivationFunc();
    if (function.getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)) {
      checkMemory(ScryptParams.getInstance(function.getParameters()));
    }
    return new JcePKCSPBEInputDecryptorProviderBuilder()
        .setProvider(BouncyCastle.provider())
        .build(passphrase);
  }

  private static InputDecryptorProvider openSsl(char[] passphrase)
      throws OperatorCreationException {
    return new JceOpenSSLPKCS8DecryptorProviderBuilder()
        .setProvider(BouncyCastle.provider())
        .build(passphrase);
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

  /** What a message calls it. */
  private static String description(AlgorithmIdentifier algorithm) {
    if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
      return AlgorithmNames.of(algorithm.getAlgorithm());
    }
    PBES2Parameters parts = PBES2Parameters.getInstance(algorithm.getParameters());
    KeyDerivationFunc function = parts.getKeyDerivationFunc();
    ASN1ObjectIdentifier derivation =
        function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)
            ? PBKDF2Params.getInstance(function.getParameters()).getPrf().getAlgorithm()
            : function.getAlgorithm();
    return AlgorithmNames.of(parts.getEncryptionScheme().getAlgorithm())
        + " with "
        + AlgorithmNames.of(derivation);
  }

  private UnusableFileException unsupported(String how) {
    return new UnusableFileException(
        "is encrypted in a way that is not supported (" + how + ")",
        "encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -in " + file + " -out NEW.pem");
  }
}
