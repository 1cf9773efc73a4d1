package io.mysqltlsproxy.certs;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/**
 * What new keys are like.
 *
 * @param algorithm as Java names it: {@code EC}, {@code RSA}, {@code EdDSA}
 * @param parameters the curve, or the number of bits
 */
public record KeyKind(String algorithm, AlgorithmParameterSpec parameters) {

  static KeyKind rsa(int bits) {
    return new KeyKind("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
  }

  static KeyKind ec(String curve) {
    return new KeyKind("EC", new ECGenParameterSpec(curve));
  }

  /**
   * The kind of a key that is there.
   *
   * @param place the file of its certificate
   */
  static KeyKind of(PublicKey key, String place) throws CertsException {
    if (key instanceof RSAPublicKey rsa) {
      return rsa(rsa.getModulus().bitLength());
    }
    if (key instanceof ECPublicKey ec) {
      return new KeyKind("EC", ec.getParams());
    }
    if (key instanceof EdECPublicKey ed) {
      return new KeyKind("EdDSA", ed.getParams());
    }
    throw new CertsException(
        place,
        "has a key of the kind " + key.getAlgorithm() + ", which cannot be made here",
        "make the certificate anew with --force and --key-type");
  }

  boolean isRsa() {
    return algorithm.equals("RSA");
  }

  KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(parameters);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make " + algorithm + " keys", e);
    }
  }
}
