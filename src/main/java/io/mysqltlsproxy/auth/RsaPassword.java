package io.mysqltlsproxy.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;

/**
 * The encrypted password of the SHA-2 plugins: (password, NUL included) XOR scramble, RSA-OAEP with
 * SHA-1 and MGF1-SHA-1.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html">MySQL:
 *     Caching_sha2_password information</a>
 */
final class RsaPassword {
  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";
  private static final int SCRAMBLE_LENGTH = 20;

  /** What OAEP with SHA-1 adds, in bytes. */
  private static final int PADDING = 42;

  /** The server's answer is no key that this password fits. The message is for the client. */
  static final class UnusableKeyException extends Exception {
    UnusableKeyException(String message) {
      super(message);
    }

    UnusableKeyException(String message, Exception cause) {
      super(message, cause);
    }
  }

  private RsaPassword() {}

  /**
   * Encrypts a password.
   *
   * @param password with its NUL; left as it is
   * @param scramble the latest that the server sent; its first 20 bytes count
   * @param pem the server's answer to the request for its key
   * @return as many bytes as the key's modulus has
   */
  static byte[] encrypt(byte[] password, byte[] scramble, byte[] pem) throws UnusableKeyException {
    if (scramble.length < SCRAMBLE_LENGTH) {
      throw new UnusableKeyException(
          "the server's scramble has " + scramble.length + " bytes instead of " + SCRAMBLE_LENGTH);
    }
    RSAPublicKey key = parse(pem);
    int most = (key.getModulus().bitLength() + 7) / 8 - PADDING;
    if (password.length > most) {
      throw new UnusableKeyException(
          "the password is too long for the server's RSA key of "
              + key.getModulus().bitLength()
              + " bits, which takes at most "
              + (most - 1)
              + " bytes; give the server a longer key");
    }
    byte[] mixed = new byte[password.length];
    for (int i = 0; i < password.length; i++) {
      mixed[i] = (byte) (password[i] ^ scramble[i % SCRAMBLE_LENGTH]);
    }
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
      cipher.init(Cipher.ENCRYPT_MODE, key);
      return cipher.doFinal(mixed);
    } catch (GeneralSecurityException e) {
      throw new UnusableKeyException("the server's RSA key cannot encrypt a password", e);
    } finally {
      Arrays.fill(mixed, (byte) 0);
    }
  }

  private static RSAPublicKey parse(byte[] pem) throws UnusableKeyException {
    String text = new String(pem, StandardCharsets.US_ASCII);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new UnusableKeyException(
          "the server did not send its RSA key; check that it has one (SHOW STATUS LIKE"
              + " 'Rsa_public_key', 'Caching_sha2_password_rsa_public_key')");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
      return (RSAPublicKey)
          KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new UnusableKeyException("the server's RSA key cannot be read", e);
    }
  }
}
