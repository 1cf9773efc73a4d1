package io.mysqltlsproxy.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.mariadb.jdbc.Driver;

/**
 * A client without TLS and a server without TLS, and between two proxies nothing but TLS.
 *
 * @param server without TLS
 * @param user whom the server's proxy admits with the certificate of the client's proxy only
 */
record Pair(
    Console console,
    TestServer server,
    ProxyCertificates certificates,
    String user,
    String password) {
  private static final String QUERY = "SELECT 'a secret of the harbour', CURRENT_USER()";
  private static final int ACCESS_DENIED = 1045;

  /** What is shown once both run. */
  interface Shown {
    void run() throws IOException, InterruptedException;
  }

  void show(Shown then) throws IOException, InterruptedException {
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    List<String> run = serversProxy();
    try (ProxyProcess atServer = ProxyProcess.start(run)) {
      InetSocketAddress address = atServer.ready();
      console.step(true, "At the server, run listens at 127.0.0.1:" + address.getPort());
      console.text(CommandLine.lines("    bin/mysql-tls-proxy run", run));
      try (Relay network = Relay.to(address, captured::write)) {
        List<String> connect = clientsProxy(network.port());
        try (ProxyProcess atClient = ProxyProcess.connecting(connect)) {
          int port = atClient.ready().getPort();
          console.step(true, "At the client, connect listens at 127.0.0.1:" + port);
          console.text(CommandLine.lines("    bin/mysql-tls-proxy connect", connect));
          showLogin(port);
          showCapture(captured);
          showStranger(address.getPort());
          then.run();
        }
      }
    }
  }

  private List<String> serversProxy() throws IOException {
    Path rules = certificates.directory().resolve("accounts.sql");
    Files.writeString(
        rules, "CREATE USER '" + user + "'@'%' REQUIRE SUBJECT '/CN=" + user + "';\n");
    return List.of(
        "--ssl-cert=" + certificates.serverCert(),
        "--ssl-key=" + certificates.serverKey(),
        "--ssl-ca=" + certificates.ca(),
        "--accounts=" + rules,
        "--require=X509",
        "--backend=127.0.0.1:" + server.port(),
        "--port=0");
  }

  private List<String> clientsProxy(int port) {
    return List.of(
        "--ssl-ca=" + certificates.ca(),
        "--ssl-cert=" + certificates.clientCert(),
        "--ssl-key=" + certificates.clientKey(),
        "--backend=127.0.0.1:" + port,
        "--port=0");
  }

  private void showLogin(int port) {
    try (Connection connection = connect(port);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(QUERY)) {
      result.next();
      console.step(true, user + " logs in without TLS and without a certificate of her own");
      console.detail("current user", result.getString(2));
    } catch (SQLException e) {
      console.step(false, user + " could not log in: " + e.getMessage());
    }
  }

  private void showCapture(ByteArrayOutputStream captured) {
    String middle = captured.toString(ISO_8859_1);
    boolean hidden =
        !middle.contains(password) && !middle.contains("harbour") && !middle.contains(user);
    console.step(
        hidden && !middle.isEmpty(),
        "Between the two proxies "
            + middle.length()
            + " bytes passed, without a byte of the query, the name or the password");
  }

  private void showStranger(int port) {
    try {
      connect(port).close();
      console.step(false, user + " came in past her proxy");
    } catch (SQLException e) {
      boolean refused = e.getErrorCode() == 3159 || e.getErrorCode() == ACCESS_DENIED;
      console.step(refused, user + " is refused without her proxy");
      console.detail("error", e.getErrorCode() + " (" + e.getSQLState() + ")");
    }
  }

  private Connection connect(int port) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("sslMode", "disable");
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return new Driver().connect("jdbc:mariadb://127.0.0.1:" + port + "/", properties);
  }
}
