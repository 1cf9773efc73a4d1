package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.account.StoredHash;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Whether a client's response shows that it knows the password of a hash, as the server finds out.
 * Such a client learns nothing from a digest of the hash.
 */
final class ResponseVerifier {
  private static final int SHA1_LENGTH = 20;
  private static final int KEY_LENGTH = 32;
  private static final int NONCE_LENGTH = 32;
  private static final int SIGNATURE_LENGTH = 64;

  /** A SubjectPublicKeyInfo up to the 32 bytes of its key, RFC 8410. */
  private static final byte[] SPKI_OF_ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private ResponseVerifier() {}

  /**
   * Verifies a response.
   *
   * @param scramble what the response is made for, as the server sent it; a NUL at its end may be
   *     missing
   * @param response the last packet that the client sent for the plugin
   */
  static boolean verifies(StoredHash hash, byte[] scramble, byte[] response) {
    byte[] stored = hash.bytes();
    try {
      return switch (hash.plugin()) {
        case NATIVE -> isOfNative(stored, scramble, response);
        case ED25519 -> isSigned(stored, nonce(scramble), response);
        case PARSEC -> isOfParsec(stored, nonce(scramble), response);
      };
    } catch (GeneralSecurityException e) {
      return false; // The text in the rules is no point of the curve.
    } finally {
      Arrays.fill(stored, (byte) 0);
    }
  }

  /**
   * 20 bytes: SHA1(password) XOR SHA1(scramble, SHA1(SHA1(password))), of which the last is stored.
   */
  private static boolean isOfNative(byte[] stored, byte[] scramble, byte[] response)
      throws GeneralSecurityException {
    if (response.length != SHA1_LENGTH) {
      return false;
    }
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    sha1.update(scramble);
    byte[] hashed = sha1.digest(stored);
    for (int i = 0; i < SHA1_LENGTH; i++) {
      hashed[i] ^= response[i];
    }
    byte[] twice = sha1.digest(hashed);
    Arrays.fill(hashed, (byte) 0);
    return MessageDigest.isEqual(twice, stored);
  }

  /** 96 bytes: 32 of the client's, and the signature of the server's 32 and them. */
  private static boolean isOfParsec(byte[] stored, byte[] nonce, byte[] response)
      throws GeneralSecurityException {
    if (response.length != NONCE_LENGTH + SIGNATURE_LENGTH) {
      return false;
    }
    byte[] message = Arrays.copyOf(nonce, 2 * NONCE_LENGTH);
    System.arraycopy(response, 0, message, NONCE_LENGTH, NONCE_LENGTH);
    byte[] key = Arrays.copyOfRange(stored, stored.length - KEY_LENGTH, stored.length);
    return isSigned(key, message, Arrays.copyOfRange(response, NONCE_LENGTH, response.length));
  }

  private static boolean isSigned(byte[] key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    if (signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    byte[] encoded = Arrays.copyOf(SPKI_OF_ED25519, SPKI_OF_ED25519.length + KEY_LENGTH);
    System.arraycopy(key, 0, encoded, SPKI_OF_ED25519.length, KEY_LENGTH);
    PublicKey publicKey =
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(publicKey);
    verifier.update(message);
    return verifier.verify(signature);
  }

  private static byte[] nonce(byte[] scramble) {
    return Arrays.copyOf(scramble, NONCE_LENGTH);
  }
}
