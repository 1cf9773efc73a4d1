package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.protocol.ErrPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * caching_sha2_password and sha256_password. A client on TLS sends its password and a NUL in clear;
 * a server without TLS wants to be asked for its RSA key first, and the password encrypted with it.
 *
 * <p>A client that asks for the key itself (with the plugin's request byte) encrypts by itself, and
 * from there on everything is relayed.
 */
final class RsaExchange implements PluginExchange {
  private static final int FULL_AUTHENTICATION = 0x04;
  private static final int AUTH_MORE_DATA = 0x01;

  private enum Expect {
    /** What the two say to each other is for them alone. */
    NOTHING,
    /** The client's next packet is its clear password. */
    PASSWORD,
    /** The server's next packet is its public key. */
    KEY
  }

  private final byte[] keyRequest;
  private final boolean asksForPasswordAtOnce;
  private final byte[] scramble;
  private Expect expect;
  private byte @Nullable [] password;

  private RsaExchange(int keyRequest, boolean asksForPasswordAtOnce, byte[] scramble) {
    this.keyRequest = new byte[] {(byte) keyRequest};
    this.asksForPasswordAtOnce = asksForPasswordAtOnce;
    this.scramble = scramble;
    this.expect = asksForPasswordAtOnce ? Expect.PASSWORD : Expect.NOTHING;
  }

  /** caching_sha2_password: the password is sent when the server's cache does not know it. */
  static RsaExchange cachingSha2(byte[] scramble) {
    return new RsaExchange(0x02, false, scramble);
  }

  /** sha256_password: the password is sent whenever there is one. */
  static RsaExchange sha256(byte[] scramble) {
    return new RsaExchange(0x01, true, scramble);
  }

  @Override
  public Step requested() {
    return Step.RELAY;
  }

  @Override
  public Step initialResponse(ByteBuf data) {
    return asksForPasswordAtOnce ? fromClient(data) : Step.RELAY;
  }

  @Override
  public Step fromServer(ByteBuf payload) {
    if (expect == Expect.KEY) {
      expect = Expect.NOTHING;
      return encrypt(payload);
    }
    if (!asksForPasswordAtOnce && isFullAuthentication(payload)) {
      expect = Expect.PASSWORD;
    }
    return Step.RELAY;
  }

  @Override
  public Step fromClient(ByteBuf payload) {
    if (expect != Expect.PASSWORD) {
      return Step.RELAY;
    }
    expect = Expect.NOTHING;
    int length = payload.readableBytes();
    boolean empty = length == 0 || (length == 1 && payload.getByte(payload.readerIndex()) == 0);
    boolean clientAsksForKey =
        length == 1 && payload.getByte(payload.readerIndex()) == keyRequest[0];
    if (empty || clientAsksForKey) {
      return Step.RELAY;
    }
    if (payload.getByte(payload.writerIndex() - 1) != 0) {
      return new Step.Refuse(ErrPacket.badHandshake());
    }
    password = ByteBufUtil.getBytes(payload);
    payload.setZero(payload.readerIndex(), length);
    expect = Expect.KEY;
    return new Step.AnswerServer(keyRequest);
  }

  @Override
  public void end() {
    if (password != null) {
      Arrays.fill(password, (byte) 0);
      password = null;
    }
  }

  private Step encrypt(ByteBuf payload) {
    byte[] held = password;
    if (held == null) {
      throw new IllegalStateException("the key was asked for without a password");
    }
    try {
      return new Step.AnswerServer(RsaPassword.encrypt(held, scramble, pem(payload)));
    } catch (RsaPassword.UnusableKeyException e) {
      return new Step.Refuse(ErrPacket.unknown("mysql-tls-proxy: " + e.getMessage()));
    } finally {
      end();
    }
  }

  /** MySQL wraps plugin data in AuthMoreData; MariaDB only where it could be mistaken. */
  private static byte[] pem(ByteBuf payload) {
    boolean wrapped =
        payload.isReadable() && payload.getByte(payload.readerIndex()) == AUTH_MORE_DATA;
    int skipped = wrapped ? 1 : 0;
    return ByteBufUtil.getBytes(
        payload, payload.readerIndex() + skipped, payload.readableBytes() - skipped);
  }

  private static boolean isFullAuthentication(ByteBuf payload) {
    int start = payload.readerIndex();
    return switch (payload.readableBytes()) {
      case 1 -> payload.getByte(start) == FULL_AUTHENTICATION;
      case 2 ->
          payload.getByte(start) == AUTH_MORE_DATA
              && payload.getByte(start + 1) == FULL_AUTHENTICATION;
      default -> false;
    };
  }
}
