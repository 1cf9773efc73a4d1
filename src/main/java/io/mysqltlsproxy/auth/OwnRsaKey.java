package io.mysqltlsproxy.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Cipher;

/**
 * The proxy's own RSA key, which plain clients of the SHA-2 plugins ask for: they encrypt their
 * password with it, as they would with a plain server's. It lives as long as the process.
 *
 * @see RsaKey
 */
public final class OwnRsaKey {
  private static final int BITS = 2048;
  private static final int AUTH_MORE_DATA = 0x01;
  private static final int LINE_LENGTH = 64;
  private static final int SCRAMBLE_LENGTH = 20;

  private final CompletableFuture<KeyPair> pair;

  private OwnRsaKey(CompletableFuture<KeyPair> pair) {
    this.pair = pair;
  }

  /** Begins to make one, which takes a tenth of a second or more. */
  public static OwnRsaKey make() {
    return new OwnRsaKey(CompletableFuture.supplyAsync(OwnRsaKey::generate));
  }

  private static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
  }

  private KeyPair pair() {
    return pair.join();
  }

  /** AuthMoreData with the public key in PEM: the answer to a client that asks for it. */
  byte[] answer() {
    String encoded =
        Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'})
            .encodeToString(pair().getPublic().getEncoded());
    String pem = "-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n";
    byte[] text = pem.getBytes(StandardCharsets.US_ASCII);
    byte[] payload = new byte[text.length + 1];
    payload[0] = AUTH_MORE_DATA;
    System.arraycopy(text, 0, payload, 1, text.length);
    return payload;
  }

  /**
   * Decrypts a password, as {@link RsaKey#encrypt} has encrypted it.
   *
   * @param scramble the latest that the server sent; its first 20 bytes count
   * @return with its NUL; the caller's to wipe
   */
  byte[] decrypt(byte[] encrypted, byte[] scramble) throws UnusableKeyException {
    if (scramble.length < SCRAMBLE_LENGTH) {
      throw new UnusableKeyException(
          "the server's scramble has " + scramble.length + " bytes instead of " + SCRAMBLE_LENGTH);
    }
    byte[] mixed;
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
      cipher.init(Cipher.DECRYPT_MODE, pair().getPrivate());
      mixed = cipher.doFinal(encrypted);
    } catch (GeneralSecurityException e) {
      throw new UnusableKeyException("the password is not encrypted with the key that was sent", e);
    }
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] ^= scramble[i % SCRAMBLE_LENGTH];
    }
    if (mixed.length == 0 || mixed[mixed.length - 1] != 0) {
      Arrays.fill(mixed, (byte) 0);
      throw new UnusableKeyException("the decrypted password does not end with a NUL");
    }
    return mixed;
  }
}
