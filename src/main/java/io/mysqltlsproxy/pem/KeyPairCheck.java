package io.mysqltlsproxy.pem;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Whether a private key belongs to a public key, proved by a signature. */
public final class KeyPairCheck {
  private static final byte[] MESSAGE = {'m', 'y', 's', 'q', 'l', '-', 't', 'l', 's'};

  private KeyPairCheck() {}

  public static boolean matches(PrivateKey privateKey, PublicKey publicKey) {
    if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(algorithm(privateKey));
      signature.initSign(privateKey);
      signature.update(MESSAGE);
      byte[] signed = signature.sign();
      // Another one: the provider that signs need not be one that verifies.
      Signature verification = Signature.getInstance(algorithm(privateKey));
      verification.initVerify(publicKey);
      verification.update(MESSAGE);
      return verification.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
