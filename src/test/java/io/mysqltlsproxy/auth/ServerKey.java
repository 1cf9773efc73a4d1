package io.mysqltlsproxy.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import javax.crypto.Cipher;

/** A server's RSA key, and what the server does with it. */
record ServerKey(KeyPair pair) {

  static ServerKey ofBits(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return new ServerKey(generator.generateKeyPair());
  }

  /** As MySQL sends it. */
  byte[] pem() {
    String base64 =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pair.getPublic().getEncoded());
    return ("-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n")
        .getBytes(US_ASCII);
  }

  /** The password in clear, with its NUL: decrypted, then XORed with the scramble. */
  String decrypt(byte[] encrypted, byte[] scramble) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
    cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate());
    byte[] mixed = cipher.doFinal(encrypted);
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] ^= scramble[i % 20];
    }
    return new String(mixed, US_ASCII);
  }
}
