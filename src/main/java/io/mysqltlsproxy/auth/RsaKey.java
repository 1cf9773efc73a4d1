package io.mysqltlsproxy.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;

/**
 * A server's public RSA key, and the encrypted password of the SHA-2 plugins: (password, NUL
 * included) XOR scramble, RSA-OAEP with SHA-1 and MGF1-SHA-1.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html">MySQL:
 *     Caching_sha2_password information</a>
 */
public record RsaKey(RSAPublicKey key) {
  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";

  /** Of a key of 16,384 bits, the longest that Java takes, in bytes; more is none. */
  private static final int MAX_PEM_LENGTH = 4096;

  private static final int SCRAMBLE_LENGTH = 20;

  /** What OAEP with SHA-1 adds, in bytes. */
  private static final int PADDING = 42;

  /** The key that a server sent, in PEM. */
  public static RsaKey ofPem(byte[] pem) throws UnusableKeyException {
    String text = pem.length > MAX_PEM_LENGTH ? "" : new String(pem, StandardCharsets.US_ASCII);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new UnusableKeyException(
          "the server did not send its RSA key; check that it has one (SHOW STATUS LIKE"
              + " '%Rsa_public_key')");
    }
    try {
      return ofDer(Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end)));
    } catch (IllegalArgumentException e) {
      throw new UnusableKeyException("the server's RSA key cannot be read", e);
    }
  }

  /** A SubjectPublicKeyInfo in DER. */
  static RsaKey ofDer(byte[] der) throws UnusableKeyException {
    try {
      return new RsaKey(
          (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der)));
    } catch (GeneralSecurityException e) {
      throw new UnusableKeyException("the server's RSA key cannot be read", e);
    }
  }

  /** The length of an encrypted password, in bytes. */
  int length() {
    return (key.getModulus().bitLength() + 7) / 8;
  }

  /** {@code SHA256:} and the digest of the SubjectPublicKeyInfo in hexadecimal. */
  String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return "SHA256:" + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Encrypts a password.
   *
   * @param password with its NUL; left as it is
   * @param scramble the latest that the server sent; its first 20 bytes count
   * @return {@link #length} bytes
   */
  public byte[] encrypt(byte[] password, byte[] scramble) throws UnusableKeyException {
    if (scramble.length < SCRAMBLE_LENGTH) {
      throw new UnusableKeyException(
          "the server's scramble is too short: "
              + scramble.length
              + " of "
              + SCRAMBLE_LENGTH
              + " bytes");
    }
    int most = length() - PADDING;
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
      byte[] encrypted = cipher.doFinal(mixed);
      Arrays.fill(mixed, (byte) 0);
      // The cipher keeps its input until it gets another.
      cipher.update(mixed);
      return encrypted;
    } catch (GeneralSecurityException e) {
      throw new UnusableKeyException("the server's RSA key cannot encrypt a password", e);
    } finally {
      Arrays.fill(mixed, (byte) 0);
    }
  }
}
