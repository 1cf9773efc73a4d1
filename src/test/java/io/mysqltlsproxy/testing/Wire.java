package io.mysqltlsproxy.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** MySQL packets written by hand, for what no driver would send. */
public final class Wire {
  public static final int LONG_PASSWORD = 1;
  public static final int COMPRESS = 1 << 5;
  public static final int PROTOCOL_41 = 1 << 9;
  public static final int SSL = 1 << 11;
  public static final int SECURE_CONNECTION = 1 << 15;
  public static final int PLUGIN_AUTH = 1 << 19;
  public static final int LENENC_AUTH = 1 << 21;
  public static final int ZSTD = 1 << 26;

  /** What a client of this day asks for at least. */
  public static final int USUAL = LONG_PASSWORD | PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH;

  public static final String NATIVE = "mysql_native_password";

  private static final int MAX_PACKET = 1 << 24;
  private static final int LATIN1 = 8;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Wire() {}

  /** What a server answers to a request for its RSA key. */
  public static byte[] rsaKey() {
    return RsaKey.ANSWER.clone();
  }

  private static final class RsaKey {
    static final byte[] ANSWER = make();

    private static byte[] make() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] der = generator.generateKeyPair().getPublic().getEncoded();
        return of(1)
            .text("-----BEGIN PUBLIC KEY-----\n")
            .text(Base64.getMimeEncoder().encodeToString(der))
            .text("\n-----END PUBLIC KEY-----\n")
            .bytes();
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A packet with its header. */
  public static byte[] packet(int sequenceId, byte[] payload) {
    return header(payload.length, sequenceId).add(payload).bytes();
  }

  /** A header whose length nothing need follow. */
  public static Wire header(int length, int sequenceId) {
    return new Wire().add(length, length >> 8, length >> 16, sequenceId);
  }

  public static byte[] sslRequest(int flags) {
    return head(flags | SSL).bytes();
  }

  /** A HandshakeResponse41 with an authentication response of at most 250 bytes. */
  public static byte[] login(int flags, String user, byte[] authentication, String plugin) {
    Wire login = head(flags).text(user).add(0);
    if ((flags & (SECURE_CONNECTION | LENENC_AUTH)) != 0) {
      login.add(authentication.length).add(authentication);
    } else {
      login.add(authentication).add(0);
    }
    return (flags & PLUGIN_AUTH) == 0 ? login.bytes() : login.text(plugin).add(0).bytes();
  }

  /** A login without a password. */
  public static byte[] login(String user) {
    return login(USUAL, user, new byte[0], NATIVE);
  }

  public static byte[] changeUser(String user, byte[] authentication, String plugin) {
    return of(0x11)
        .text(user)
        .add(0, authentication.length)
        .add(authentication)
        .add(0, LATIN1, 0)
        .text(plugin)
        .add(0)
        .bytes();
  }

  /** A COM_QUERY. */
  public static byte[] query(String sql) {
    return of(0x03).text(sql).bytes();
  }

  /** A HandshakeV10 as MySQL 5.6 sends it, with the scramble {@code 12345678 abcdefghijkl}. */
  public static byte[] greeting(int flags, String plugin) {
    Wire greeting = of(10).text("5.6.99-scripted").add(0).int4(4711).text("12345678").add(0);
    greeting.add(flags, flags >> 8, LATIN1, 2, 0, flags >> 16, flags >> 24, 21);
    return greeting.add(new byte[10]).text("abcdefghijkl").add(0).text(plugin).add(0).bytes();
  }

  public static byte[] greeting() {
    return greeting(USUAL | COMPRESS | ZSTD | LENENC_AUTH, NATIVE);
  }

  public static byte[] ok() {
    return of(0, 0, 0, 2, 0, 0, 0).bytes();
  }

  /**
   * An ERR_Packet.
   *
   * @param sqlState empty for one that comes in place of a greeting
   */
  public static byte[] err(int code, String sqlState, String message) {
    Wire err = of(0xFF, code, code >> 8);
    return (sqlState.isEmpty() ? err : err.text("#" + sqlState)).text(message).bytes();
  }

  public static byte[] authSwitchRequest(String plugin, String scramble) {
    return of(0xFE).text(plugin).add(0).text(scramble).add(0).bytes();
  }

  public static Wire of(int... values) {
    return new Wire().add(values);
  }

  private static Wire head(int flags) {
    return new Wire().int4(flags).int4(MAX_PACKET).add(LATIN1).add(new byte[23]);
  }

  public Wire add(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  public Wire add(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  /** The text's bytes, one for each character. */
  public Wire text(String text) {
    return add(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Wire int4(int value) {
    return add(value, value >> 8, value >> 16, value >> 24);
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }
}
