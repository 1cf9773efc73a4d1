package io.mysqltlsproxy.demo;

import io.mysqltlsproxy.testing.HandshakeRecorder;
import io.mysqltlsproxy.testing.HandshakeRecorder.Handshake;
import io.mysqltlsproxy.testing.ProxyCertificates;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.mariadb.jdbc.Driver;

/**
 * A JDBC client of the proxy.
 *
 * @param port the proxy's, on 127.0.0.1
 * @param user who logs in
 * @param password the user's
 * @param certificates the user's, and whose the proxy's must be
 */
record Client(int port, String user, String password, ProxyCertificates certificates) {

  /**
   * What a client knows of its connection, as {@code \s} shows it in MySQL's own client.
   *
   * @param handshake what TLS negotiated
   * @param connectionId what the server calls the connection
   * @param account the account that the server chose, {@code user@host}
   * @param serverVersion the server's own
   */
  record Status(Handshake handshake, long connectionId, String account, String serverVersion) {}

  Status statusWithCertificate() throws SQLException {
    try (Connection connection = connect(withCertificate())) {
      return status(connection);
    }
  }

  /** Logs in with her certificate, and stays until the task has ended. */
  void stay(Runnable task) throws SQLException {
    Connection connection = connect(withCertificate());
    try {
      task.run();
    } finally {
      connection.close();
    }
  }

  /**
   * Logs in without a CA: the client trusts the proxy because that knows its password's hash.
   *
   * @return the account that the server chose
   */
  String accountWithoutCa() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("sslMode", "verify-full");
    try (Connection connection = connect(properties);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT CURRENT_USER()")) {
      result.next();
      return result.getString(1);
    }
  }

  void logInWithoutCertificate() throws SQLException {
    connect(tls()).close();
  }

  void logInWithoutTls() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("sslMode", "disable");
    connect(properties).close();
  }

  private Properties withCertificate() {
    Properties properties = tls();
    properties.setProperty("keyStore", certificates.clientStore().toString());
    properties.setProperty("keyStorePassword", ProxyCertificates.STORE_PASSWORD);
    return properties;
  }

  private Properties tls() {
    Properties properties = new Properties();
    properties.setProperty("sslMode", "verify-full");
    properties.setProperty("serverSslCert", certificates.ca().toString());
    properties.setProperty("tlsSocketType", "recorder");
    return properties;
  }

  private Connection connect(Properties properties) throws SQLException {
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return new Driver().connect("jdbc:mariadb://127.0.0.1:" + port + "/", properties);
  }

  private static Status status(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT CONNECTION_ID(), CURRENT_USER(), VERSION()")) {
      result.next();
      return new Status(
          HandshakeRecorder.latest(), result.getLong(1), result.getString(2), result.getString(3));
    }
  }
}
