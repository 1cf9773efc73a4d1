package io.mysqltlsproxy.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A server that does what its script says to every connection, and remembers every byte that came.
 * What no real server can be made to do, it does.
 */
public final class ScriptedServer implements AutoCloseable {

  /** What the server does; when it returns, the connection is read to its end. */
  public interface Script {
    void play(Session session) throws IOException;
  }

  /** The name under which the proxy ends a handshake that it must not leave half done. */
  public static final String NOBODY = "mysql-tls-proxy";

  /** One connection. */
  public static final class Session extends PacketStream {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile boolean over;

    private Session(Socket socket) throws IOException {
      super(socket);
      replace(socket, new Recorder(socket.getInputStream(), received));
    }

    /** All bytes that have been read. */
    public byte[] received() {
      synchronized (received) {
        return received.toByteArray();
      }
    }

    /** Goes on with TLS, after the client's SSLRequest. */
    public void startTls(SSLContext server) throws IOException {
      Socket plain = socket();
      SSLSocket tls =
          (SSLSocket)
              server
                  .getSocketFactory()
                  .createSocket(plain, "client", plain.getPort(), /* autoClose= */ true);
      tls.setUseClientMode(false);
      tls.startHandshake();
      replace(tls, new Recorder(tls.getInputStream(), received));
    }

    /** Remembers no more, for gigabytes. */
    public void stopRecording() throws IOException {
      replace(socket(), socket().getInputStream());
    }

    /** Whether this connection has ended, which is waited for. */
    public boolean isOver() throws InterruptedException {
      return Await.until(() -> over);
    }
  }

  private final ServerSocket listener;
  private final Script script;
  private final List<Session> sessions = new CopyOnWriteArrayList<>();

  private ScriptedServer(Script script) throws IOException {
    this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    this.script = script;
  }

  public static ScriptedServer start(Script script) throws IOException {
    ScriptedServer server = new ScriptedServer(script);
    server.new Acceptor().start();
    return server;
  }

  /**
   * One that greets, refuses the proxy's own farewell, lets everybody else in, and answers every
   * command with OK.
   */
  public static ScriptedServer polite() throws IOException {
    return start(ScriptedServer::polite);
  }

  /** The script of {@link #polite()}. */
  public static void polite(Session session) throws IOException {
    admitting(ScriptedServer::answerCommands).play(session);
  }

  /** A script that greets, refuses the proxy's own farewell, and lets everybody else in to this. */
  public static Script admitting(Script then) {
    return session -> {
      session.send(0, Wire.greeting());
      if (login(session)) {
        session.send(2, Wire.ok());
        then.play(session);
      }
    };
  }

  /** Reads the login; false for the proxy's own, which is refused. */
  public static boolean login(Session session) throws IOException {
    if (!isFarewell(session.read().payload())) {
      return true;
    }
    session.send(2, Wire.err(1045, "28000", "Access denied"));
    return false;
  }

  /** Answers every command with OK, until the client quits. */
  public static void answerCommands(Session session) throws IOException {
    while (true) {
      PacketStream.Packet command = session.read();
      if (command.first() == 1) {
        return;
      }
      session.send(1, Wire.ok());
    }
  }

  private static boolean isFarewell(byte[] login) {
    int end = 32 + NOBODY.length();
    return login.length > end && new String(login, 32, NOBODY.length(), US_ASCII).equals(NOBODY);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), port());
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Every connection so far. */
  public List<Session> sessions() {
    return List.copyOf(sessions);
  }

  /** The last connection, which is waited for. */
  public Session session() throws InterruptedException {
    Await.until(() -> !sessions.isEmpty());
    return sessions.get(sessions.size() - 1);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Session session : sessions) {
      session.close();
    }
  }

  private final class Acceptor extends Thread {
    Acceptor() {
      super("scripted-server");
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!listener.isClosed()) {
        try {
          Session session = new Session(listener.accept());
          sessions.add(session);
          Thread player = new Thread(() -> play(session), "scripted-session");
          player.setDaemon(true);
          player.start();
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void play(Session session) {
      try (session) {
        script.play(session);
        while (!session.isAtEnd()) {
          session.readToTheEnd(Integer.MAX_VALUE);
        }
      } catch (IOException peerIsGone) {
        session.over = true;
      }
      session.over = true;
    }
  }

  private static final class Recorder extends FilterInputStream {
    private final ByteArrayOutputStream record;

    Recorder(InputStream in, ByteArrayOutputStream record) {
      super(in);
      this.record = record;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        synchronized (record) {
          record.write(value);
        }
      }
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count > 0) {
        synchronized (record) {
          record.write(target, offset, count);
        }
      }
      return count;
    }
  }
}
