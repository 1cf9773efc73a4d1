package io.mysqltlsproxy.check;

import io.mysqltlsproxy.net.SilentService;
import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.ForeignService;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.OkPacket;
import io.mysqltlsproxy.protocol.PasswordlessLogin;
import io.mysqltlsproxy.protocol.SslRequest;
import io.mysqltlsproxy.tls.ServerHandshakeFailures;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server who it is, and logs in as a user that it does not have: so the handshake comes to
 * an end, and the server does not count it as an error of this host.
 */
final class Probe {
  private static final int MAX_PACKETS = 16;
  private static final int MAX_BANNER_LENGTH = 256;
  private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(1);

  private final @Nullable Socket socket;
  private final PacketExchange packets;

  private Probe(@Nullable Socket socket, InputStream in, OutputStream out) {
    this.socket = socket;
    this.packets = new PacketExchange(in, out);
  }

  /**
   * The result.
   *
   * @param greeting empty where an error came in its place
   * @param chain what the server shows, its own certificate first, where TLS was wanted and
   *     offered; else empty
   * @param refusal empty where the user without a password was let in, or the server is too old to
   *     ask
   */
  record Answer(
      Optional<HandshakeV10> greeting, List<X509Certificate> chain, Optional<ErrPacket> refusal) {
    /** The server's own certificate. */
    Optional<X509Certificate> certificate() {
      return chain.stream().findFirst();
    }
  }

  /** It is such a server and offers TLS, which fails; the message says why. */
  static final class TlsException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient HandshakeV10 greeting;

    TlsException(HandshakeV10 greeting, IOException cause) {
      super(ServerHandshakeFailures.describe(cause), cause);
      this.greeting = greeting;
    }

    HandshakeV10 greeting() {
      return greeting;
    }
  }

  /**
   * Asks.
   *
   * @param withTls whether to use TLS where it is offered
   * @param timeout for all of it
   * @throws IOException when nobody listens there, or what answers is no such server
   */
  static Answer ask(Backend server, boolean withTls, Duration timeout) throws IOException {
    if (server instanceof Backend.UnixSocket unix) {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(unix.path()));
      InputStream in = Channels.newInputStream(channel);
      OutputStream out = Channels.newOutputStream(channel);
      return within(timeout, server, channel, new Probe(null, in, out), false);
    }
    Socket socket = connect((Backend.Tcp) server, timeout);
    try {
      return within(
          timeout,
          server,
          socket,
          new Probe(socket, socket.getInputStream(), socket.getOutputStream()),
          withTls);
    } finally {
      socket.close();
    }
  }

  /** Tries the server's addresses in turn, as the proxy does. */
  private static Socket connect(Backend.Tcp server, Duration timeout) throws IOException {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(server.host());
    } catch (UnknownHostException e) {
      throw new IOException("unknown host", e);
    }
    IOException failure = new IOException("unknown host");
    for (InetAddress address : addresses) {
      Socket socket = new Socket();
      try {
        socket.connect(
            new InetSocketAddress(address, server.port()),
            Math.max(1, (int) timeout.toMillis() / addresses.length));
        return socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  private static Answer within(
      Duration timeout, Backend server, Closeable channel, Probe probe, boolean withTls)
      throws IOException {
    try (Deadline deadline = new Deadline(timeout, channel)) {
      try {
        return probe.ask(withTls);
      } catch (MalformedPacketException e) {
        throw new IOException("it is not a MySQL server: " + e.getMessage(), e);
      } catch (EOFException e) {
        throw new IOException("it closed the connection", e);
      } catch (IOException e) {
        if (deadline.hasPassed()) {
          throw SilentService.ask(server, SILENCE_TIMEOUT)
              .map(Probe::foreign)
              .orElseGet(
                  () -> new IOException("no answer within " + timeout.toSeconds() + " s", e));
        }
        throw e;
      }
    } finally {
      channel.close();
    }
  }

  private Answer ask(boolean withTls) throws IOException, MalformedPacketException {
    ByteBuf first = first();
    if (ErrPacket.isAt(first)) {
      return new Answer(Optional.empty(), List.of(), Optional.of(ErrPacket.decode(first)));
    }
    HandshakeV10 greeting = HandshakeV10.decode(first);
    if (!greeting.capabilities().has(Capabilities.CLIENT_PROTOCOL_41)) {
      return new Answer(Optional.of(greeting), List.of(), Optional.empty());
    }
    ByteBuf login = Unpooled.buffer();
    PasswordlessLogin.encode(
        login, PasswordlessLogin.NOBODY, greeting.capabilities(), greeting.authPluginName());
    List<X509Certificate> chain = List.of();
    if (withTls && socket != null && greeting.capabilities().has(Capabilities.CLIENT_SSL)) {
      login.setIntLE(0, login.getIntLE(0) | (int) Capabilities.CLIENT_SSL);
      packets.send(login.copy(0, SslRequest.LENGTH_41));
      chain = startTls(socket, greeting);
    }
    packets.send(login);
    return new Answer(Optional.of(greeting), chain, outcome());
  }

  private List<X509Certificate> startTls(Socket plain, HandshakeV10 greeting) throws IOException {
    SSLSocket tls = AnyCertificate.socket(plain);
    try {
      tls.startHandshake();
    } catch (IOException e) {
      throw new TlsException(greeting, e);
    }
    packets.goOn(tls.getInputStream(), tls.getOutputStream());
    return Arrays.stream(tls.getSession().getPeerCertificates())
        .map(X509Certificate.class::cast)
        .toList();
  }

  /** Answers whatever the server asks with nothing, until it refuses. */
  private Optional<ErrPacket> outcome() throws IOException, MalformedPacketException {
    for (int i = 0; i < MAX_PACKETS; i++) {
      ByteBuf packet = packets.read();
      if (ErrPacket.isAt(packet)) {
        return Optional.of(ErrPacket.decode(packet));
      }
      if (OkPacket.isAt(packet)) {
        packets.restart();
        packets.send(Unpooled.buffer(1).writeByte(Command.COM_QUIT));
        return Optional.empty();
      }
      packets.send(Unpooled.EMPTY_BUFFER);
    }
    throw new IOException("it does not answer a login");
  }

  /** The first packet, unless another service has sent what is there. */
  private ByteBuf first() throws IOException {
    Optional<String> service = ForeignService.of(packets.peek(MAX_BANNER_LENGTH));
    if (service.isPresent()) {
      throw foreign(service.get());
    }
    return packets.read();
  }

  private static IOException foreign(String service) {
    return new IOException("it is not a MySQL server (it looks like " + service + ")");
  }
}
