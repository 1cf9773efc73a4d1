package io.mysqltlsproxy.testing;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.mariadb.jdbc.plugin.tls.main.DefaultTlsSocketPlugin;

/**
 * MariaDB Connector/J's TLS, which remembers what was negotiated: {@code tlsSocketType=recorder}
 * with {@code sslMode=verify-full}.
 */
public final class HandshakeRecorder extends DefaultTlsSocketPlugin {

  /**
   * One TLS handshake as the client saw it.
   *
   * @param session the protocol, the cipher and the certificates
   * @param connectionId the connection id of the server's greeting
   */
  public record Handshake(SSLSession session, long connectionId) {}

  // The driver makes the plugin and connects in the thread that asks for the connection.
  private static final ThreadLocal<Handshake> LATEST = new ThreadLocal<>();

  /** The latest handshake of a connection that this thread opened. */
  public static Handshake latest() {
    Handshake latest = LATEST.get();
    if (latest == null) {
      throw new IllegalStateException("this thread made no handshake with this plugin");
    }
    return latest;
  }

  @Override
  public String type() {
    return "recorder";
  }

  @Override
  public void verify(String host, SSLSession session, long connectionId) throws SSLException {
    super.verify(host, session, connectionId);
    LATEST.set(new Handshake(session, connectionId));
  }
}
