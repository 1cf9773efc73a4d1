package io.mysqltlsproxy.net;

import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ForeignService;
import io.mysqltlsproxy.protocol.PasswordlessLogin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds out what accepts connections and then waits for the client to speak, as no MySQL server
 * does. What is said is harmless to a MySQL server that is only stuck: a login without a password,
 * which it will refuse once it goes on. The user's name ends two lines, so that a service that
 * reads lines answers too.
 */
public final class SilentService {
  private static final String USER = "nobody\r\n\r\n";
  private static final int MAX_ANSWER_LENGTH = 512;

  /**
   * PostgreSQL's SSLRequest: length 8, code 80877103. It is answered by one letter.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/protocol-message-formats.html">PostgreSQL:
   *     Message Formats</a>
   */
  private static final byte[] POSTGRESQL = {0, 0, 0, 8, 0x04, (byte) 0xd2, 0x16, 0x2f};

  private SilentService() {}

  /**
   * Speaks to the service; blocks for about three times the timeout at most.
   *
   * @return what it looks like: {@code a Redis server: '-ERR …'}; empty where it does not tell
   */
  public static Optional<String> ask(Backend backend, Duration timeout) {
    if (!(backend instanceof Backend.Tcp tcp)) {
      return Optional.empty();
    }
    Optional<byte[]> answer = answer(tcp, login(), timeout);
    if (answer.isPresent() && answer.get().length > 0) {
      return ForeignService.of(Unpooled.wrappedBuffer(answer.get()));
    }
    // It hangs up without a word on what is not its own, which a MySQL server does not.
    return answer
        .flatMap(hungUp -> answer(tcp, POSTGRESQL, timeout))
        .filter(letter -> letter.length == 1 && (letter[0] == 'S' || letter[0] == 'N'))
        .map(letter -> "a PostgreSQL server");
  }

  /** What it says, or nothing where it hangs up; empty where it stays silent. */
  private static Optional<byte[]> answer(Backend.Tcp server, byte[] request, Duration timeout) {
    try (Socket socket = new Socket()) {
      int millis = (int) timeout.toMillis();
      socket.setSoTimeout(millis);
      // A MySQL server that is stuck does not count a connection that was reset by then.
      socket.setSoLinger(true, 0);
      socket.connect(new InetSocketAddress(server.host(), server.port()), millis);
      socket.getOutputStream().write(request);
      byte[] answer = new byte[MAX_ANSWER_LENGTH];
      int length = Math.max(0, socket.getInputStream().read(answer));
      return Optional.of(Arrays.copyOf(answer, length));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(new byte[0]);
    }
  }

  private static byte[] login() {
    ByteBuf payload = Unpooled.buffer();
    Capabilities capabilities =
        new Capabilities(Capabilities.CLIENT_PROTOCOL_41 | Capabilities.CLIENT_SECURE_CONNECTION);
    PasswordlessLogin.encode(payload, USER, capabilities, "");
    ByteBuf packet = PacketHeader.frame(payload, 1, UnpooledByteBufAllocator.DEFAULT);
    try {
      return ByteBufUtil.getBytes(packet);
    } finally {
      packet.release();
    }
  }
}
