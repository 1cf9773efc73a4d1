package io.mysqltlsproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A password of mysql_native_password. */
public record NativePassword(String text) {

  /** What the server stores: {@code *} and the hexadecimal digits of SHA1(SHA1(password)). */
  public String stored() {
    return "*" + HexFormat.of().withUpperCase().formatHex(sha1(sha1(text.getBytes(UTF_8))));
  }

  /** What the client answers: SHA1(password) XOR SHA1(scramble, SHA1(SHA1(password))). */
  public byte[] response(byte[] scramble) {
    byte[] once = sha1(text.getBytes(UTF_8));
    byte[] mask = sha1(scramble, sha1(once));
    for (int i = 0; i < once.length; i++) {
      once[i] ^= mask[i];
    }
    return once;
  }

  private static byte[] sha1(byte[]... parts) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      for (byte[] part : parts) {
        sha1.update(part);
      }
      return sha1.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
