package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.protocol.ErrPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;

/**
 * caching_sha2_password and sha256_password, the other way round than {@link RsaExchange}: a client
 * without TLS asks for an RSA key and encrypts its password with it, and a server on TLS wants the
 * password and a NUL in clear. The client gets the proxy's own key, and the server the password.
 *
 * <p>A client that takes its line for secure, as on a Unix socket, sends the password in clear
 * itself.
 */
final class DecryptingExchange implements PluginExchange {

  private enum Expect {
    /** What the two say to each other is for them alone. */
    NOTHING,
    /** The client's next packet is its password, or asks for a key. */
    PASSWORD,
    /** The client's next packet is its encrypted password. */
    ENCRYPTED
  }

  private static final Step PINNED =
      new Step.Refuse(
          ErrPacket.unknown(
              "mysql-tls-proxy: the client has encrypted its password with a key that it did not"
                  + " ask for; remove the server's public key from its options"
                  + " (server-public-key-path, serverRSAPublicKeyFile), so that it asks the proxy"
                  + " for one"));

  private static final Step NO_ROOM =
      new Step.Refuse(
          ErrPacket.unknown(
              "mysql-tls-proxy: the client's login has no room for a password in clear: it lacks"
                  + " CLIENT_SECURE_CONNECTION"));

  private final Sha2Plugin plugin;
  private final byte[] scramble;
  private final OwnRsaKey key;
  private Expect expect;

  /** Of the password that the server gets, in bytes. */
  private int room = Integer.MAX_VALUE;

  DecryptingExchange(Sha2Plugin plugin, byte[] scramble, OwnRsaKey key) {
    this.plugin = plugin;
    this.scramble = scramble;
    this.key = key;
    this.expect = plugin.sendsPasswordAtOnce() ? Expect.PASSWORD : Expect.NOTHING;
  }

  @Override
  public Step initialResponse(ByteBuf data, int maxLength) {
    if (!plugin.sendsPasswordAtOnce()) {
      return Step.RELAY;
    }
    room = maxLength;
    return fromClient(data);
  }

  @Override
  public Step fromServer(ByteBuf payload) {
    if (plugin.isFullAuthentication(payload)) {
      expect = Expect.PASSWORD;
    }
    return plugin.isFastAuthentication(payload) ? Step.INFORM : Step.RELAY;
  }

  @Override
  public Step fromClient(ByteBuf payload) {
    Expect expected = expect;
    expect = Expect.NOTHING;
    return switch (expected) {
      case NOTHING -> Step.RELAY;
      case PASSWORD -> password(payload);
      case ENCRYPTED -> decrypted(payload);
    };
  }

  private Step password(ByteBuf payload) {
    if (plugin.isKeyRequest(payload)) {
      expect = Expect.ENCRYPTED;
      return new Step.AnswerClient(key.answer());
    }
    boolean clear = !payload.isReadable() || payload.getByte(payload.writerIndex() - 1) == 0;
    return clear ? Step.RELAY : PINNED;
  }

  private Step decrypted(ByteBuf payload) {
    try {
      byte[] password = key.decrypt(ByteBufUtil.getBytes(payload), scramble);
      if (password.length > room) {
        Arrays.fill(password, (byte) 0);
        return NO_ROOM;
      }
      return new Step.AnswerServer(password);
    } catch (UnusableKeyException e) {
      return new Step.Refuse(ErrPacket.unknown("mysql-tls-proxy: " + e.getMessage()));
    }
  }
}
