package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.mysqltlsproxy.codec.CommandFrames;
import io.mysqltlsproxy.codec.ResponseTracker;
import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** One client's connection to a server, passed on and recorded in the order of cause and effect. */
final class RecordedSession implements AutoCloseable {
  private static final CommandFrames.QueryFilter NONE =
      new CommandFrames.QueryFilter() {
        @Override
        public int decisiveLength() {
          return 1;
        }

        @Override
        public boolean mayMatch(ByteBuf data, int at, int length) {
          return false;
        }
      };

  private record Piece(boolean fromClient, byte[] bytes) {}

  /** How often the client has sent a command, and a file's packet, in its turn. */
  record Replay(int commands, int files) {}

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final List<Piece> pieces = new ArrayList<>();
  private @Nullable Thread relaying;

  private RecordedSession(InetSocketAddress target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** Listens for the client. */
  static RecordedSession before(InetSocketAddress server) throws IOException {
    RecordedSession session = new RecordedSession(server);
    session.relaying = daemon(session::relay);
    return session;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void relay() {
    try (Socket client = listener.accept();
        Socket server = new Socket(target.getAddress(), target.getPort())) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread answers = daemon(() -> pass(server, client, false));
      pass(client, server, true);
      answers.join();
    } catch (IOException | InterruptedException over) {
      // One of the two has left.
    }
  }

  private void pass(Socket from, Socket to, boolean fromClient) {
    byte[] buffer = new byte[65536];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        synchronized (pieces) {
          pieces.add(new Piece(fromClient, Arrays.copyOf(buffer, read)));
        }
        to.getOutputStream().write(buffer, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException over) {
      // One of the two has left.
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "recorder");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Gives the bytes behind the login to a tracker, and holds it to what the client has seen.
   *
   * @param size of the next piece of a server's bytes, given how many are left
   */
  Replay replay(IntUnaryOperator size) throws Exception {
    List<Piece> all = turns();
    int start = 1;
    while (!(all.get(start).fromClient() && all.get(start).bytes()[3] == 0)) {
      start++;
    }
    ResponseTracker tracker = new ResponseTracker(spoken(all));
    CommandFrames frames = new CommandFrames(NONE, tracker);
    int commands = 0;
    int files = 0;
    for (Piece turn : all.subList(start, all.size())) {
      if (turn.fromClient()) {
        boolean isFile = turn.bytes()[3] != 0;
        assertEquals(isFile ? State.FILE_WANTED : State.IDLE, tracker.state(), tracker.problem());
        commands += isFile ? 0 : 1;
        files += isFile ? 1 : 0;
        int passing = frames.scan(Unpooled.wrappedBuffer(turn.bytes()));
        assertEquals(turn.bytes().length, passing);
      } else {
        answer(tracker, Unpooled.wrappedBuffer(turn.bytes()), size);
      }
    }
    return new Replay(commands, files);
  }

  /** Until the last byte, the answer is outstanding. */
  private static void answer(ResponseTracker tracker, ByteBuf bytes, IntUnaryOperator size) {
    while (bytes.isReadable()) {
      assertNotEquals(State.IDLE, tracker.state(), bytes.readableBytes() + " bytes before the end");
      tracker.received(bytes.readSlice(size.applyAsInt(bytes.readableBytes())));
      assertNotEquals(State.UNKNOWN, tracker.state(), tracker.problem());
    }
  }

  /** What one side has sent before the other said something. */
  private List<Piece> turns() {
    List<Piece> turns = new ArrayList<>();
    synchronized (pieces) {
      for (Piece piece : pieces) {
        int last = turns.size() - 1;
        if (last >= 0 && turns.get(last).fromClient() == piece.fromClient()) {
          byte[] before = turns.get(last).bytes();
          byte[] both = Arrays.copyOf(before, before.length + piece.bytes().length);
          System.arraycopy(piece.bytes(), 0, both, before.length, piece.bytes().length);
          turns.set(last, new Piece(piece.fromClient(), both));
        } else {
          turns.add(piece);
        }
      }
    }
    return turns;
  }

  private static Capabilities spoken(List<Piece> turns) throws Exception {
    ByteBuf greeting = Unpooled.wrappedBuffer(turns.get(0).bytes()).skipBytes(4);
    ByteBuf login = Unpooled.wrappedBuffer(turns.get(1).bytes()).skipBytes(4);
    long flags = login.getUnsignedIntLE(0);
    boolean isMariaDb = (flags & 1) == 0;
    long extended = isMariaDb ? login.getUnsignedIntLE(28) << 32 : 0;
    return new Capabilities(
        (flags | extended) & HandshakeV10.decode(greeting).capabilities().bits());
  }

  /** Once the client has closed its connection: what it has said last is recorded, too. */
  @Override
  public void close() throws IOException {
    Thread relay = relaying;
    try {
      if (relay != null) {
        relay.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listener.close();
  }
}
