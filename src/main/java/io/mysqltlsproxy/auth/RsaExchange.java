package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.Optional;

/**
 * caching_sha2_password and sha256_password. A client on TLS sends its password and a NUL in clear;
 * a server without TLS wants to be asked for its RSA key first, unless that is pinned, and the
 * password encrypted with it.
 *
 * <p>A client that asks for the key itself (with the plugin's request byte) encrypts by itself, and
 * from there on everything is relayed.
 */
final class RsaExchange implements PluginExchange {
  private static final int AUTH_MORE_DATA = 0x01;
  private static final byte[] NONE = {};

  private enum Expect {
    /** What the two say to each other is for them alone. */
    NOTHING,
    /** The client's next packet is its clear password. */
    PASSWORD,
    /** The server's next packet is its public key. */
    KEY
  }

  private final Sha2Plugin plugin;
  private final byte[] scramble;
  private final ServerKeys keys;
  private Expect expect;
  private byte[] password = NONE;

  RsaExchange(Sha2Plugin plugin, byte[] scramble, ServerKeys keys) {
    this.plugin = plugin;
    this.scramble = scramble;
    this.keys = keys;
    this.expect = plugin.sendsPasswordAtOnce() ? Expect.PASSWORD : Expect.NOTHING;
  }

  @Override
  public Step initialResponse(ByteBuf data, int maxLength) {
    return plugin.sendsPasswordAtOnce() ? fromClient(data, maxLength) : Step.RELAY;
  }

  @Override
  public Step fromServer(ByteBuf payload) {
    if (expect == Expect.KEY) {
      return keySent(payload);
    }
    if (plugin.isFullAuthentication(payload)) {
      expect = Expect.PASSWORD;
    }
    return plugin.isFastAuthentication(payload) ? Step.INFORM : Step.RELAY;
  }

  @Override
  public Step fromClient(ByteBuf payload) {
    return fromClient(payload, Integer.MAX_VALUE);
  }

  private Step fromClient(ByteBuf payload, int maxLength) {
    if (expect != Expect.PASSWORD) {
      return Step.RELAY;
    }
    expect = Expect.NOTHING;
    int length = payload.readableBytes();
    boolean empty = length == 0 || (length == 1 && payload.getByte(payload.readerIndex()) == 0);
    if (empty || plugin.isKeyRequest(payload)) {
      return Step.RELAY;
    }
    if (payload.getByte(payload.writerIndex() - 1) != 0) {
      return new Step.Refuse(ErrPacket.badHandshake());
    }
    password = ByteBufUtil.getBytes(payload);
    payload.setZero(payload.readerIndex(), length);
    Optional<RsaKey> pinned = keys.pinned();
    if (pinned.isPresent() && pinned.get().length() <= maxLength) {
      return encrypted(pinned.get());
    }
    expect = Expect.KEY;
    return new Step.AnswerServer(plugin.keyRequest());
  }

  @Override
  public Step denied(ByteBuf payload) throws MalformedPacketException {
    if (expect != Expect.KEY) {
      return Step.RELAY;
    }
    // The server has not seen the password yet, so that is not what it objects to.
    ErrPacket error = ErrPacket.decode(payload);
    return new Step.Refuse(
        new ErrPacket(
            error.code(),
            error.sqlState(),
            error.message()
                + " (mysql-tls-proxy: the server said so when it was asked for its RSA key; check"
                + " that it has one: SHOW STATUS LIKE '%Rsa_public_key')"));
  }

  @Override
  public void end() {
    Arrays.fill(password, (byte) 0);
    password = NONE;
  }

  private Step keySent(ByteBuf payload) {
    expect = Expect.NOTHING;
    try {
      Optional<RsaKey> pinned = keys.pinned();
      return encrypted(pinned.isPresent() ? pinned.get() : keys.sent(pem(payload)));
    } catch (UnusableKeyException e) {
      return refuse(e);
    }
  }

  private Step encrypted(RsaKey key) {
    try {
      byte[] encrypted = key.encrypt(password, scramble);
      end();
      return new Step.AnswerServer(encrypted);
    } catch (UnusableKeyException e) {
      return refuse(e);
    }
  }

  private Step refuse(UnusableKeyException e) {
    end();
    return new Step.Refuse(ErrPacket.unknown("mysql-tls-proxy: " + e.getMessage()));
  }

  /** MySQL wraps plugin data in AuthMoreData; MariaDB only where it could be mistaken. */
  private static byte[] pem(ByteBuf payload) {
    boolean wrapped =
        payload.isReadable() && payload.getByte(payload.readerIndex()) == AUTH_MORE_DATA;
    int skipped = wrapped ? 1 : 0;
    return ByteBufUtil.getBytes(
        payload, payload.readerIndex() + skipped, payload.readableBytes() - skipped);
  }
}
