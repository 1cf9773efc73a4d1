package io.mysqltlsproxy.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Passes connections on from an address of its own, and can reset them in the midst of a packet.
 */
final class CuttingRelay implements AutoCloseable {
  private static final int IDLE_MILLIS = 300;

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final InetAddress source;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final LongAdder bytes = new LongAdder();

  /** The two sockets of one connection. */
  private static final class Pair {
    private final Socket near;
    private final Socket far;
    private volatile boolean cut;

    Pair(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void reset() {
      reset(near);
      reset(far);
    }

    private static void reset(Socket socket) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException closedAlready) {
        // As wanted.
      }
    }
  }

  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param source the loopback address that it connects from
   */
  CuttingRelay(InetSocketAddress target, String source) throws IOException {
    this.target = target;
    this.source = InetAddress.getByName(source);
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  /** The bytes that have passed, both ways. */
  long bytes() {
    return bytes.sum();
  }

  /** Resets all connections: in the midst of what passes next, or soon where nothing does. */
  void cut() throws InterruptedException {
    Set<Pair> now = Set.copyOf(pairs);
    now.forEach(pair -> pair.cut = true);
    TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
    now.forEach(Pair::reset);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        daemon(() -> relay(near));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void relay(Socket near) {
    try (near;
        Socket far = new Socket(target.getAddress(), target.getPort(), source, 0)) {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      Pair pair = new Pair(near, far);
      pairs.add(pair);
      try {
        Thread answers = daemon(() -> pass(pair, far, near));
        pass(pair, near, far);
        answers.join();
      } finally {
        pairs.remove(pair);
      }
    } catch (IOException notReached) {
      // The client sees its connection end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(Pair pair, Socket from, Socket to) {
    byte[] buffer = new byte[65536];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (pair.cut) {
          to.getOutputStream().write(buffer, 0, read / 2);
          pair.reset();
          return;
        }
        to.getOutputStream().write(buffer, 0, read);
        bytes.add(read);
      }
      to.shutdownOutput();
    } catch (IOException broken) {
      pair.reset();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "cutting-relay");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
