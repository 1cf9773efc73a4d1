package io.mysqltlsproxy.testing;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;

/** A kind of key, and the algorithm with which it signs certificates. */
public enum KeyType {
  RSA("SHA256withRSA"),
  EC("SHA256withECDSA"),
  ED25519("Ed25519"),
  DSA("SHA256withDSA");

  private final String signatureAlgorithm;

  KeyType(String signatureAlgorithm) {
    this.signatureAlgorithm = signatureAlgorithm;
  }

  /** The algorithm with which such a key signs. */
  static String signatureAlgorithm(PublicKey key) {
    String name = key.getAlgorithm().equals("EdDSA") ? "ED25519" : key.getAlgorithm();
    return valueOf(name).signatureAlgorithm;
  }

  /** A new key: RSA and DSA of 2048 bits, EC on P-256. */
  public KeyPair generate() {
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance(this == ED25519 ? "Ed25519" : name());
      switch (this) {
        case RSA, DSA -> generator.initialize(2048);
        case EC -> generator.initialize(new ECGenParameterSpec("secp256r1"));
        case ED25519 -> {}
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
