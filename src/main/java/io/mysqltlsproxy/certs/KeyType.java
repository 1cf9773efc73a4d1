package io.mysqltlsproxy.certs;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.security.Key;
import java.util.Locale;

/** A kind of key. */
public enum KeyType {
  EC_P256,
  RSA_2048,
  RSA_3072,
  RSA_4096;

  /** What {@code --help} calls the choice. */
  public static final String CHOICE = "EC-P256|RSA-2048|RSA-3072|RSA-4096";

  /** Reads one of {@link #CHOICE}. */
  public static KeyType parse(String text) throws InvalidValueException {
    for (KeyType type : values()) {
      if (type.toString().equals(text.toUpperCase(Locale.ROOT))) {
        return type;
      }
    }
    throw new InvalidValueException("not a key type", "give " + CHOICE.replace("|", ", "));
  }

  /** What its keys are like. */
  public KeyKind kind() {
    return switch (this) {
      case EC_P256 -> KeyKind.ec("secp256r1");
      case RSA_2048 -> KeyKind.rsa(2048);
      case RSA_3072 -> KeyKind.rsa(3072);
      case RSA_4096 -> KeyKind.rsa(4096);
    };
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
