package io.mysqltlsproxy.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands between a proxy and its server, and remembers every byte that passes, either way. */
public final class RecordingRelay implements AutoCloseable {
  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final ByteArrayOutputStream record = new ByteArrayOutputStream();

  private RecordingRelay(InetSocketAddress server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
  }

  public static RecordingRelay before(InetSocketAddress server) throws IOException {
    RecordingRelay relay = new RecordingRelay(server);
    start(relay::accept);
    return relay;
  }

  /** Where the proxy connects. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  /** What has passed, one character for each byte. */
  public String text() {
    synchronized (record) {
      return record.toString(ISO_8859_1);
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket proxy = listener.accept();
      Socket toServer = new Socket(server.getAddress(), server.getPort());
      start(() -> copy(proxy, toServer));
      start(() -> copy(toServer, proxy));
    }
  }

  private void copy(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 * 1024];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        synchronized (record) {
          record.write(buffer, 0, count);
        }
        out.write(buffer, 0, count);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // Either side ends by closing.
                return;
              }
            },
            "recording-relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
