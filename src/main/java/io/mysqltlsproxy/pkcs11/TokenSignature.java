package io.mysqltlsproxy.pkcs11;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.jspecify.annotations.Nullable;

/** One signature by a token: it gets the hash, which is made here. */
final class TokenSignature extends SignatureSpi {

  /** What is signed, and how. */
  enum Form {
    /** Of what the caller has hashed itself, as TLS before 1.2 does. */
    NONE_WITH_RSA("NONEwithRSA", "RSA", ""),
    SHA1_WITH_RSA("SHA1withRSA", "RSA", "SHA-1"),
    SHA256_WITH_RSA("SHA256withRSA", "RSA", "SHA-256"),
    SHA384_WITH_RSA("SHA384withRSA", "RSA", "SHA-384"),
    SHA512_WITH_RSA("SHA512withRSA", "RSA", "SHA-512"),
    /** The parameters tell which hash. */
    PSS("RSASSA-PSS", "RSA", ""),
    SHA1_WITH_ECDSA("SHA1withECDSA", "EC", "SHA-1"),
    SHA256_WITH_ECDSA("SHA256withECDSA", "EC", "SHA-256"),
    SHA384_WITH_ECDSA("SHA384withECDSA", "EC", "SHA-384"),
    SHA512_WITH_ECDSA("SHA512withECDSA", "EC", "SHA-512");

    private final String algorithm;
    private final String key;
    private final String hash;

    Form(String algorithm, String key, String hash) {
      this.algorithm = algorithm;
      this.key = key;
      this.hash = hash;
    }

    String algorithm() {
      return algorithm;
    }

    String key() {
      return key;
    }
  }

  private final Form form;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private @Nullable TokenKey key;
  private @Nullable PSSParameterSpec pss;

  TokenSignature(Form form) {
    this.form = form;
  }

  @Override
  protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
    if (!(privateKey instanceof TokenKey ours) || !ours.getAlgorithm().equals(form.key)) {
      throw new InvalidKeyException("not a key of this kind on a token");
    }
    key = ours;
    message.reset();
  }

  @Override
  protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
    throw new InvalidKeyException("a token signs here, and verifies nothing");
  }

  @Override
  protected void engineSetParameter(AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (!(parameters instanceof PSSParameterSpec given) || form != Form.PSS) {
      throw new InvalidAlgorithmParameterException("not parameters of " + form.algorithm);
    }
    pss = given;
  }

  @Override
  protected void engineUpdate(byte b) {
    message.write(b);
  }

  @Override
  protected void engineUpdate(byte[] bytes, int offset, int length) {
    message.write(bytes, offset, length);
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    TokenKey signer = key;
    if (signer == null) {
      throw new SignatureException("not initialized with a key");
    }
    byte[] input = message.toByteArray();
    message.reset();
    if (form == Form.NONE_WITH_RSA) {
      return signer.sign(() -> JdkBinding.mechanism(TokenKey.RSA_PKCS1), input);
    }
    if (form == Form.PSS) {
      return signPss(signer, input);
    }
    byte[] hash = hash(form.hash, input);
    if (form.key.equals("EC")) {
      return der(signer.sign(() -> JdkBinding.mechanism(TokenKey.ECDSA), hash));
    }
    byte[] named = digestInfo(form.hash, hash);
    return signer.sign(() -> JdkBinding.mechanism(TokenKey.RSA_PKCS1), named);
  }

  private byte[] signPss(TokenKey signer, byte[] input) throws SignatureException {
    PSSParameterSpec parameters = pss;
    if (parameters == null) {
      throw new SignatureException("no parameters of RSASSA-PSS");
    }
    String hash = parameters.getDigestAlgorithm();
    return signer.sign(
        () -> JdkBinding.pss(TokenKey.RSA_PSS, hash, parameters.getSaltLength()),
        hash(hash, input));
  }

  private static byte[] hash(String algorithm, byte[] input) throws SignatureException {
    try {
      return MessageDigest.getInstance(algorithm).digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new SignatureException(e);
    }
  }

  /** RFC 8017, 9.2, step 2. */
  private static byte[] digestInfo(String algorithm, byte[] hash) throws SignatureException {
    ASN1ObjectIdentifier name =
        switch (algorithm) {
          case "SHA-1" -> OIWObjectIdentifiers.idSHA1;
          case "SHA-256" -> NISTObjectIdentifiers.id_sha256;
          case "SHA-384" -> NISTObjectIdentifiers.id_sha384;
          default -> NISTObjectIdentifiers.id_sha512;
        };
    try {
      return new DigestInfo(new AlgorithmIdentifier(name, DERNull.INSTANCE), hash).getEncoded();
    } catch (IOException e) {
      throw new SignatureException(e);
    }
  }

  /** A token gives two numbers of the same length, TLS wants RFC 3279's SEQUENCE. */
  private static byte[] der(byte[] numbers) throws SignatureException {
    int half = numbers.length / 2;
    BigInteger r = new BigInteger(1, Arrays.copyOf(numbers, half));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(numbers, half, numbers.length));
    try {
      return new DERSequence(new ASN1Encodable[] {new ASN1Integer(r), new ASN1Integer(s)})
          .getEncoded();
    } catch (IOException e) {
      throw new SignatureException(e);
    }
  }

  @Override
  protected boolean engineVerify(byte[] signature) throws SignatureException {
    throw new SignatureException("a token signs here, and verifies nothing");
  }

  @Deprecated
  @Override
  protected void engineSetParameter(String name, Object value) {
    throw new UnsupportedOperationException(name);
  }

  @Deprecated
  @Override
  protected Object engineGetParameter(String name) {
    throw new UnsupportedOperationException(name);
  }
}
