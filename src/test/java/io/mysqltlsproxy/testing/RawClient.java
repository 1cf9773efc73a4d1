package io.mysqltlsproxy.testing;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that sends what it is told to. */
public final class RawClient extends PacketStream {
  private static final int TOO_MANY_CONNECTIONS = 1040;
  private static final int TIMEOUT_MILLIS = 60_000;
  private final int localPort;

  private RawClient(Socket socket) throws IOException {
    super(socket);
    this.localPort = socket.getLocalPort();
  }

  /** Connects, without reading the greeting. */
  public static RawClient connect(InetSocketAddress address) throws IOException {
    return over(new Socket(address.getAddress(), address.getPort()));
  }

  /** A client over a connected socket. */
  public static RawClient over(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return new RawClient(socket);
  }

  /** Connects and reads the greeting. */
  public static RawClient greeted(InetSocketAddress address) throws IOException {
    RawClient client = connect(address);
    Packet greeting = client.read();
    if (greeting.first() != 10) {
      throw new IOException("no greeting, but " + greeting.errorText());
    }
    return client;
  }

  /** The same, as soon as there is a place: what ends takes a moment to end. */
  public static RawClient greetedWhenFree(InetSocketAddress address)
      throws IOException, InterruptedException {
    AtomicReference<RawClient> greeted = new AtomicReference<>();
    Await.until(
        () -> {
          RawClient client = connect(address);
          Packet greeting = client.read();
          if (greeting.first() == 10) {
            greeted.set(client);
            return true;
          }
          assertEquals(TOO_MANY_CONNECTIONS, greeting.errorCode(), greeting::toString);
          client.close();
          return false;
        });
    return requireNonNull(greeted.get(), "no place");
  }

  /** Connects, reads the greeting, sends the SSLRequest with these flags, and starts TLS. */
  public static RawClient encrypted(InetSocketAddress address, SSLContext tls, int flags)
      throws IOException {
    RawClient client = greeted(address);
    client.send(1, Wire.sslRequest(flags));
    client.startTls(tls);
    return client;
  }

  public static RawClient encrypted(InetSocketAddress address, SSLContext tls) throws IOException {
    return encrypted(address, tls, Wire.USUAL);
  }

  /** Connects, starts TLS and logs in without a password. */
  public static RawClient loggedIn(InetSocketAddress address, SSLContext tls, String user)
      throws IOException {
    RawClient client = encrypted(address, tls);
    client.logIn(user);
    return client;
  }

  /**
   * Logs in without a password, after the TLS handshake.
   *
   * @throws IOException when anything but an OK packet comes, naming it
   */
  public void logIn(String user) throws IOException {
    send(2, Wire.login(user));
    expectOk();
  }

  /**
   * Runs a statement that is answered by an OK packet.
   *
   * @throws IOException when anything else comes, naming it
   */
  public void run(String sql) throws IOException {
    send(0, Wire.query(sql));
    expectOk();
  }

  private void expectOk() throws IOException {
    Packet answer = read();
    if (!answer.isOk()) {
      throw new IOException("no OK, but " + answer);
    }
  }

  /** The whole TLS handshake. */
  public void startTls(SSLContext tls) throws IOException {
    startTls(tls, new byte[0]);
  }

  /** The whole TLS handshake, with bytes that go out in one segment with the ClientHello. */
  public void startTls(SSLContext tls, byte[] before) throws IOException {
    startTls(tls, before, tls.getDefaultSSLParameters().getCipherSuites());
  }

  /**
   * The whole TLS handshake with one cipher suite and no other.
   *
   * @param suite its name in RFCs: {@code TLS_AES_128_GCM_SHA256}
   */
  public void startTls(SSLContext tls, String suite) throws IOException {
    startTls(tls, new byte[0], suite);
  }

  private void startTls(SSLContext tls, byte[] before, String... suites) throws IOException {
    Socket plain = before.length == 0 ? socket() : new JoiningSocket(socket(), before);
    SSLSocket encrypted =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(plain, "localhost", socket().getPort(), /* autoClose= */ true);
    encrypted.setUseClientMode(true);
    encrypted.setEnabledCipherSuites(suites);
    encrypted.startHandshake();
    replace(encrypted, encrypted.getInputStream());
  }

  /**
   * The ClientHello that the context would send, as bytes.
   *
   * @return one whole record
   */
  public static byte[] clientHello(SSLContext tls) throws IOException {
    try (HelloSocket sink = new HelloSocket();
        SSLSocket socket =
            (SSLSocket) tls.getSocketFactory().createSocket(sink, "localhost", 3306, true)) {
      socket.setUseClientMode(true);
      try {
        socket.startHandshake();
      } catch (IOException endOfInput) {
        return sink.written.toByteArray();
      }
      throw new IllegalStateException("a handshake with nobody");
    }
  }

  /** The port on this side, by which the log names this client. */
  public int localPort() {
    return localPort;
  }

  /** Ends the connection with a reset. */
  public void reset() throws IOException {
    socket().setSoLinger(true, 0);
    socket().close();
  }

  /** Puts bytes in front of the first that are written. */
  private static final class JoiningSocket extends Socket {
    private final Socket socket;
    private byte[] before;

    JoiningSocket(Socket socket, byte[] before) {
      this.socket = socket;
      this.before = before;
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return socket.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(socket.getOutputStream()) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          byte[] joined = Arrays.copyOf(before, before.length + length);
          System.arraycopy(bytes, offset, joined, before.length, length);
          before = new byte[0];
          out.write(joined);
        }
      };
    }

    @Override
    public synchronized void close() throws IOException {
      socket.close();
    }
  }

  /** A socket without a peer, which keeps what is written. */
  private static final class HelloSocket extends Socket {
    final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public OutputStream getOutputStream() {
      return written;
    }
  }
}
