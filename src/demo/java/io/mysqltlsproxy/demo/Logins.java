package io.mysqltlsproxy.demo;

import io.mysqltlsproxy.demo.Client.Status;
import java.sql.SQLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who comes in where a certificate is required, and who does not. */
record Logins(Console console, Client client) {

  private static final int ACCESS_DENIED = 1045;
  private static final int SECURE_TRANSPORT_REQUIRED = 3159;

  private interface Login {
    void run() throws SQLException;
  }

  void show() {
    showWithCertificate();
    showRefused(
        "with TLS but without a certificate", ACCESS_DENIED, client::logInWithoutCertificate);
    showRefused("without TLS", SECURE_TRANSPORT_REQUIRED, client::logInWithoutTls);
  }

  void showWithoutCertificates() {
    String how = " logs in over verified TLS without a certificate or CA on either side";
    try {
      console.step(client.accountWithoutCa().startsWith(client.user() + "@"), client.user() + how);
    } catch (SQLException e) {
      console.step(false, client.user() + " could not log in without certificates");
      console.detail("error", String.valueOf(e.getMessage()));
    }
  }

  private void showWithCertificate() {
    try {
      Status status = client.statusWithCertificate();
      SSLSession tls = status.handshake().session();
      console.step(
          status.connectionId() == status.handshake().connectionId(),
          client.user() + " logs in over TLS with her certificate");
      console.detail("SSL", tls.getProtocol() + ", cipher " + tls.getCipherSuite());
      console.detail("server certificate", tls.getPeerPrincipal());
      console.detail("current user", status.account());
      console.detail("connection id", status.connectionId());
      console.detail("the greeting's id", status.handshake().connectionId());
      console.detail("server version", status.serverVersion());
    } catch (SQLException | SSLPeerUnverifiedException e) {
      console.step(false, client.user() + " could not log in with her certificate");
      console.detail("error", String.valueOf(e.getMessage()));
    }
  }

  private void showRefused(String how, int expectedError, Login login) {
    try {
      login.run();
      console.step(false, client.user() + " came in " + how);
    } catch (SQLException e) {
      console.step(e.getErrorCode() == expectedError, client.user() + " is refused " + how);
      console.detail(
          "error",
          e.getErrorCode()
              + " ("
              + e.getSQLState()
              + "): "
              + withoutConnection(String.valueOf(e.getMessage())));
    }
  }

  /** The driver begins the server's messages with {@code (conn=7) }. */
  private static String withoutConnection(String message) {
    return message.replaceFirst("^\\(conn=\\d+\\) ", "");
  }
}
