package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Passes TCP connections on to another address, and counts the bytes each way. */
public final class CountingRelay implements AutoCloseable {
  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final AtomicLong towards = new AtomicLong();
  private final AtomicLong back = new AtomicLong();

  private CountingRelay(InetSocketAddress target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
  }

  /** Listens on a free port of 127.0.0.1. */
  public static CountingRelay to(InetSocketAddress target) throws IOException {
    CountingRelay relay = new CountingRelay(target);
    daemon(relay::accept);
    return relay;
  }

  /** Where it listens. */
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
        Socket far = new Socket(target.getAddress(), target.getPort());
        daemon(() -> pass(near, far, towards));
        daemon(() -> pass(far, near, back));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** To the end of what comes, also where nobody takes it any more: it was sent, and counts. */
  private static void pass(Socket from, Socket to, AtomicLong count) {
    byte[] buffer = new byte[65536];
    boolean taken = true;
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        count.addAndGet(read);
        taken = taken && isWritten(to, buffer, read);
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

  private static boolean isWritten(Socket to, byte[] buffer, int length) {
    try {
      to.getOutputStream().write(buffer, 0, length);
      return true;
    } catch (IOException peerIsGone) {
      return false;
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "counting-relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
