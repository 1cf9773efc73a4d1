package io.mysqltlsproxy.demo;

import io.mysqltlsproxy.demo.Client.Status;
import io.mysqltlsproxy.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who comes in where a certificate is required, and who does not. */
record Logins(Console console, Client client) {

  private static final int ACCESS_DENIED = 1045;
  private static final int SECURE_TRANSPORT_REQUIRED = 3159;

  private static final String ATTRIBUTES =
      "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_connect_attrs"
          + " WHERE ATTR_NAME IN ('_client_ip', '_client_cert_subject', '_client_rule')";

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

  /** What a server keeps that is told who its client is. */
  void showAttributes(TestServer server) {
    try {
      client.stay(() -> showAttributes(server.sql(ATTRIBUTES)));
    } catch (SQLException e) {
      console.step(false, client.user() + " could not log in to " + server.name());
      console.detail("error", String.valueOf(e.getMessage()));
    }
  }

  private void showAttributes(List<List<String>> attributes) {
    console.step(
        attributes.contains(List.of("_client_cert_subject", "CN=" + client.user())),
        "A server that keeps connection attributes knows whose session it is");
    attributes.forEach(attribute -> console.detail(attribute.get(0), attribute.get(1)));
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
