package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes TCP connections on to another address, counts the bytes each way, and may show or change
 * them.
 */
public final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final Edit edit;
  private final AtomicLong towards = new AtomicLong();
  private final AtomicLong back = new AtomicLong();

  /** Is shown what passes, either way, in the threads of many connections. */
  @FunctionalInterface
  public interface Tap {
    void pass(byte[] bytes, int offset, int length);
  }

  /** Is given what passes, in the threads of many connections, and says what is to pass instead. */
  @FunctionalInterface
  public interface Edit {
    byte[] apply(boolean towards, byte[] bytes);
  }

  private Relay(InetAddress address, InetSocketAddress target, Edit edit) throws IOException {
    this.target = target;
    this.edit = edit;
    this.listener = new ServerSocket(0, 128, address);
  }

  /** Listens on a free port of 127.0.0.1. */
  public static Relay to(InetSocketAddress target) throws IOException {
    return to(target, (bytes, offset, length) -> {});
  }

  /** Listens on a free port of 127.0.0.1. */
  public static Relay to(InetSocketAddress target, Tap tap) throws IOException {
    return changing(
        target,
        (towards, bytes) -> {
          tap.pass(bytes, 0, bytes.length);
          return bytes;
        });
  }

  /** Listens on a free port of 127.0.0.1. */
  public static Relay changing(InetSocketAddress target, Edit edit) throws IOException {
    return at(InetAddress.getLoopbackAddress(), target, edit);
  }

  /** Listens on a free port of this address. */
  public static Relay at(InetAddress address, InetSocketAddress target) throws IOException {
    return at(address, target, (towards, bytes) -> bytes);
  }

  private static Relay at(InetAddress address, InetSocketAddress target, Edit edit)
      throws IOException {
    Relay relay = new Relay(address, target, edit);
    daemon(relay::accept);
    return relay;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), port());
  }

  /** The TCP port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Bytes to the target so far. */
  public long towards() {
    return towards.get();
  }

  /** Bytes from the target so far. */
  public long back() {
    return back.get();
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
        Socket far = new Socket(target.getAddress(), target.getPort())) {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      Thread answers = daemon(() -> pass(far, near, back));
      pass(near, far, towards);
      answers.join();
    } catch (IOException notReached) {
      // The client sees its connection end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** To the end of what comes, also where nobody takes it any more: it was sent, and counts. */
  private void pass(Socket from, Socket to, AtomicLong count) {
    byte[] buffer = new byte[65536];
    boolean taken = true;
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        count.addAndGet(read);
        byte[] passing = edit.apply(count.equals(towards), Arrays.copyOf(buffer, read));
        taken = taken && isWritten(to, passing);
      }
    } catch (IOException peerIsGone) {
      // As the end of what it has sent.
    }
    try {
      to.shutdownOutput();
    } catch (IOException alreadyClosed) {
      // It cannot be more closed.
    }
  }

  private static boolean isWritten(Socket to, byte[] bytes) {
    try {
      to.getOutputStream().write(bytes);
      return true;
    } catch (IOException peerIsGone) {
      return false;
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
