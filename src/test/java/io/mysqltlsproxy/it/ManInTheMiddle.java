package io.mysqltlsproxy.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Stands between a client and the proxy with a certificate of its own, passes on everything that
 * either says, and so reads it.
 */
final class ManInTheMiddle implements AutoCloseable {
  private static final int HEADER = 4;

  private final ServerSocket listener;
  private final InetSocketAddress proxy;
  private final SSLContext own;
  private final SSLContext trusting;

  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param own with the certificate that the client is shown
   * @param trusting takes whatever the proxy shows
   */
  ManInTheMiddle(InetSocketAddress proxy, SSLContext own, SSLContext trusting) throws IOException {
    this.proxy = proxy;
    this.own = own;
    this.trusting = trusting;
    this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        daemon(() -> relay(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void relay(Socket client) {
    try (client;
        Socket server = new Socket(proxy.getAddress(), proxy.getPort())) {
      passPacket(server, client); // the greeting
      passPacket(client, server); // the SSLRequest
      SSLSocket behind =
          (SSLSocket) trusting.getSocketFactory().createSocket(server, "proxy", 0, false);
      behind.startHandshake();
      SSLSocket before = (SSLSocket) own.getSocketFactory().createSocket(client, null, false);
      before.startHandshake();
      daemon(() -> pass(before, behind));
      pass(behind, before);
    } catch (IOException refused) {
      // The client is gone, as it should be.
    }
  }

  private static void passPacket(Socket from, Socket to) throws IOException {
    byte[] header = from.getInputStream().readNBytes(HEADER);
    int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
    OutputStream out = to.getOutputStream();
    out.write(header);
    out.write(from.getInputStream().readNBytes(length));
    out.flush();
  }

  private static void pass(Socket from, Socket to) {
    byte[] buffer = new byte[16384];
    try (to) {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        to.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException ended) {
      // One of the two is gone.
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "man-in-the-middle");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
