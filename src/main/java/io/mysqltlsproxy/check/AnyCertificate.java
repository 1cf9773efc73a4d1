package io.mysqltlsproxy.check;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** TLS for looking at a server's certificate, whatever that is; nothing secret is sent over it. */
final class AnyCertificate {
  private AnyCertificate() {}

  /** A client's TLS over a connection; closing it closes that. */
  static SSLSocket socket(Socket connection) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return (SSLSocket)
          context
              .getSocketFactory()
              .createSocket(
                  connection,
                  connection.getInetAddress().getHostAddress(),
                  connection.getPort(),
                  true);
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no TLS", e);
    }
  }
}
