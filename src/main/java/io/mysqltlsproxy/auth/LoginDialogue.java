package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.protocol.AuthSwitchRequest;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a client says until it is logged in, for accounts with mysql_native_password,
 * caching_sha2_password or sha256_password. Payloads only: it sends and frames nothing.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html">MySQL:
 *     Connection Phase</a>
 */
public final class LoginDialogue {
  private static final String NATIVE = "mysql_native_password";
  private static final String CACHING_SHA2 = "caching_sha2_password";
  private static final String SHA256 = "sha256_password";

  /** What this client can do, as far as the server's responses depend on it. */
  public static final Capabilities RESPONSES = new Capabilities(Capabilities.CLIENT_PROTOCOL_41);

  private static final long CLIENT_TRANSACTIONS = 1L << 13;
  private static final int UTF8 = 33;
  private static final int MAX_PACKET = 1 << 24;
  private static final int HEAD = 32;
  private static final int AUTH_MORE_DATA = 0x01;
  private static final int FAST_AUTHENTICATION = 0x03;
  private static final int FULL_AUTHENTICATION = 0x04;
  private static final int KEY_REQUEST = 0x02;
  private static final byte SHA256_KEY_REQUEST = 0x01;

  private final Account account;
  private final boolean encrypted;
  private final HandshakeV10 greeting;
  private byte[] scramble;

  /**
   * A dialogue that the server has begun.
   *
   * @param encrypted whether it goes over TLS
   */
  public LoginDialogue(Account account, boolean encrypted, HandshakeV10 greeting) {
    this.account = account;
    this.encrypted = encrypted;
    this.greeting = greeting;
    this.scramble = greeting.scramble();
  }

  /** The SSLRequest. */
  public ByteBuf sslRequest() {
    return head(capabilities().with(Capabilities.CLIENT_SSL));
  }

  /** The HandshakeResponse41. */
  public ByteBuf response() throws LoginException {
    Capabilities capabilities = capabilities();
    boolean canSwitch = capabilities.has(Capabilities.CLIENT_PLUGIN_AUTH);
    String plugin = greeting.authPluginName().equals(CACHING_SHA2) ? CACHING_SHA2 : NATIVE;
    ByteBuf out = head(encrypted ? capabilities.with(Capabilities.CLIENT_SSL) : capabilities);
    out.writeCharSequence(account.user(), StandardCharsets.UTF_8);
    byte[] answer = hashed(plugin);
    out.writeByte(0).writeByte(answer.length).writeBytes(answer);
    if (capabilities.has(Capabilities.CLIENT_CONNECT_WITH_DB)) {
      out.writeCharSequence(account.database(), StandardCharsets.UTF_8);
      out.writeByte(0);
    }
    if (canSwitch) {
      out.writeCharSequence(plugin, StandardCharsets.US_ASCII);
      out.writeByte(0);
    }
    return out;
  }

  /** What to say to a packet that is neither OK nor ERR; null where nothing is to be said yet. */
  public @Nullable ByteBuf answer(ByteBuf packet) throws LoginException, MalformedPacketException {
    int first = packet.getUnsignedByte(packet.readerIndex());
    if (first == AuthSwitchRequest.HEADER) {
      AuthSwitchRequest request = AuthSwitchRequest.decode(packet);
      scramble = request.data();
      return Unpooled.wrappedBuffer(hashed(request.pluginName()));
    }
    boolean wrapped = first == AUTH_MORE_DATA;
    byte[] data = ByteBufUtil.getBytes(packet);
    byte[] more = wrapped ? Arrays.copyOfRange(data, 1, data.length) : data;
    if (more.length == 1 && more[0] == FAST_AUTHENTICATION) {
      return null;
    }
    byte[] password = terminatedPassword();
    if (more.length == 1 && more[0] == FULL_AUTHENTICATION) {
      return encrypted
          ? Unpooled.wrappedBuffer(password)
          : Unpooled.buffer(1).writeByte(KEY_REQUEST);
    }
    try {
      return Unpooled.wrappedBuffer(RsaKey.ofPem(more).encrypt(password, scramble));
    } catch (UnusableKeyException e) {
      throw new LoginException(String.valueOf(e.getMessage()));
    }
  }

  /** Why there is no going on with this packet from the server. */
  public static LoginException refused(ByteBuf errPacket) throws MalformedPacketException {
    return new LoginException(ErrPacket.decode(errPacket).toString());
  }

  private Capabilities capabilities() {
    long wanted =
        Capabilities.CLIENT_MYSQL
            | Capabilities.CLIENT_PROTOCOL_41
            | CLIENT_TRANSACTIONS
            | Capabilities.CLIENT_SECURE_CONNECTION
            | Capabilities.CLIENT_PLUGIN_AUTH
            | (account.database().isEmpty() ? 0 : Capabilities.CLIENT_CONNECT_WITH_DB);
    return new Capabilities(wanted & greeting.capabilities().bits())
        .with(Capabilities.CLIENT_MYSQL);
  }

  private static ByteBuf head(Capabilities capabilities) {
    return Unpooled.buffer()
        .writeIntLE(capabilities.mysqlBits())
        .writeIntLE(MAX_PACKET)
        .writeByte(UTF8)
        .writeZero(HEAD - 9);
  }

  private byte[] hashed(String plugin) throws LoginException {
    if (account.password().length == 0) {
      return new byte[0];
    }
    return switch (plugin) {
      case NATIVE -> nativePassword();
      case CACHING_SHA2 -> cachingSha2Password();
      case SHA256 -> encrypted ? terminatedPassword() : new byte[] {SHA256_KEY_REQUEST};
      default ->
          throw new LoginException(
              "the account uses "
                  + plugin
                  + ", and this client knows only mysql_native_password, caching_sha2_password and"
                  + " sha256_password");
    };
  }

  private byte[] terminatedPassword() {
    return Arrays.copyOf(account.password(), account.password().length + 1);
  }

  /** SHA1(password) XOR SHA1(scramble, SHA1(SHA1(password))). */
  private byte[] nativePassword() {
    byte[] once = digest("SHA-1", account.password());
    return xor(once, digest("SHA-1", scramble20(), digest("SHA-1", once)));
  }

  /** SHA256(password) XOR SHA256(SHA256(SHA256(password)), scramble). */
  private byte[] cachingSha2Password() {
    byte[] once = digest("SHA-256", account.password());
    return xor(once, digest("SHA-256", digest("SHA-256", once), scramble20()));
  }

  private byte[] scramble20() {
    return Arrays.copyOf(scramble, 20);
  }

  private static byte[] xor(byte[] a, byte[] b) {
    byte[] result = a.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] ^= b[i];
    }
    return result;
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
