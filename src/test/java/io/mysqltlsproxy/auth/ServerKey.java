package io.mysqltlsproxy.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mysqltlsproxy.testing.Packets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import javax.crypto.Cipher;

/** A server's RSA key, and what the server does with it. */
record ServerKey(KeyPair pair) {

  /** A scramble of a server's greeting. */
  static final byte[] SCRAMBLE = Packets.hex("53417d1a7e3a0e017f0236317944184d3c2c4e11");

  static ServerKey ofBits(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return new ServerKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no RSA", e);
    }
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
