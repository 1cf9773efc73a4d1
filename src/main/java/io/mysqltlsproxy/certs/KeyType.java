package io.mysqltlsproxy.certs;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Locale;

/** A kind of key. */
public enum KeyType {
  EC_P256("EC", 256),
  RSA_2048("RSA", 2048),
  RSA_3072("RSA", 3072),
  RSA_4096("RSA", 4096);

  /** What {@code --help} calls the choice. */
  public static final String CHOICE = "EC-P256|RSA-2048|RSA-3072|RSA-4096";

  private final String algorithm;
  private final int bits;

  KeyType(String algorithm, int bits) {
    this.algorithm = algorithm;
    this.bits = bits;
  }

  /** Reads one of {@link #CHOICE}. */
  public static KeyType parse(String text) throws InvalidValueException {
    for (KeyType type : values()) {
      if (type.toString().equals(text.toUpperCase(Locale.ROOT))) {
        return type;
      }
    }
    throw new InvalidValueException("no key type", "give " + CHOICE.replace("|", ", "));
  }

  boolean isRsa() {
    return algorithm.equals("RSA");
  }

  KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java makes no " + this + " keys", e);
    }
  }

  /** The algorithm with which such a key signs; empty for a key that an authority cannot have. */
  static String signatureAlgorithm(Key key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA" -> "Ed25519";
      default -> "";
    };
  }

  @Override
  public String toString() {
    return name().replace('_', '-');
  }
}
