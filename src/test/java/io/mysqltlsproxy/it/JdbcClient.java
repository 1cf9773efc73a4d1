package io.mysqltlsproxy.it;

import static io.mysqltlsproxy.testing.ProxyCertificates.STORE_PASSWORD;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.ProxyCertificates;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JDBC driver. */
record JdbcClient(JdbcDriver driver) implements Client {

  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  @Override
  public Optional<String> unavailable() {
    return driver.unavailable();
  }

  /** A connection as this driver makes it; {@code more} are its own properties. */
  Connection connect(Login login, Map<String, String> more) throws SQLException {
    Map<String, String> properties = new HashMap<>();
    properties.put("user", login.user());
    properties.put("password", login.password());
    properties.put("connectTimeout", "60000");
    properties.put("allowPublicKeyRetrieval", "true");
    if (driver.isMariaDb()) {
      properties.put("allowLocalInfile", "true");
      properties.put("useServerPrepStmts", "true");
      properties.putAll(mariaDbTls(login));
    } else {
      properties.put("allowLoadLocalInfile", "true");
      properties.put("useServerPrepStmts", "true");
      properties.put("connectionTimeZone", "UTC");
      properties.putAll(mysqlTls(login));
    }
    properties.putAll(more);
    return driver.connect(login.port(), "", properties);
  }

  @Override
  public List<String> query(Login login, String... statements) throws Failure {
    return in(
        login,
        connection -> {
          List<String> values = new ArrayList<>();
          try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
              if (statement.execute(sql)) {
                values.add(only(statement.getResultSet()));
              }
            }
          }
          return values;
        });
  }

  @Override
  public boolean changesUser() {
    return !driver.isMariaDb() && !driver.isWithoutPlugins();
  }

  @Override
  public List<String> outcomes(List<Attempt> attempts) {
    return attempts.stream().map(this::outcome).toList();
  }

  private String outcome(Attempt attempt) {
    try {
      return in(
          attempt.first(),
          connection -> {
            if (attempt.changesUser()) {
              changeUser(connection, attempt.login());
            }
            return value(connection, "SELECT CURRENT_USER()");
          });
    } catch (Failure e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void changeUser(Connection connection, Login login) throws SQLException {
    try {
      connection
          .getClass()
          .getMethod("changeUser", String.class, String.class)
          .invoke(connection, login.user(), login.password());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Connector/J's own COM_CHANGE_USER; what CURRENT_USER() says then. */
  String changeUser(Login login, String user, String password) throws Failure {
    return changeUser(login, user, password, "SELECT CURRENT_USER()");
  }

  /** The same; what a query says then. */
  String changeUser(Login login, String user, String password, String sql) throws Failure {
    return in(
        login,
        connection -> {
          try {
            connection
                .getClass()
                .getMethod("changeUser", String.class, String.class)
                .invoke(connection, user, password);
            return value(connection, sql);
          } catch (InvocationTargetException e) {
            throw e.getCause() instanceof SQLException refused ? refused : new SQLException(e);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Override
  public ConnectionIds connectionIds(Login login) throws Failure {
    return in(
        login,
        connection -> {
          long server = Long.parseLong(value(connection, "SELECT CONNECTION_ID()"));
          try {
            if (driver.isWithoutPlugins()) {
              return new ConnectionIds(hiddenId(connection), server);
            }
            Object id = connection.getClass().getMethod(idGetter()).invoke(connection);
            return new ConnectionIds(((Number) id).longValue(), server);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Override
  public String prepared(Login login, String sql, long number, String text) throws Failure {
    return in(
        login,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, number);
            statement.setString(2, text);
            try (ResultSet result = statement.executeQuery()) {
              return only(result);
            }
          }
        });
  }

  @Override
  public byte[] echo(Login login, byte[] value) throws Failure {
    return in(
        login,
        propertiesOfEcho(),
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement("SELECT ? AS v")) {
            statement.setBytes(1, value);
            try (ResultSet result = statement.executeQuery()) {
              result.next();
              return result.getBytes(1);
            }
          }
        });
  }

  @Override
  public void load(Login login, Path file, String tableAndFormat) throws Failure {
    query(login, "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE " + tableAndFormat);
  }

  @Override
  public Optional<String> cipher(Login login) {
    return Optional.empty();
  }

  /**
   * MariaDB Connector/J 2.7 sends such a value as long data, of which MariaDB 10.2 takes no more
   * than {@code max_allowed_packet} was when it started. The oldest drivers would have the server
   * take it for text.
   */
  private Map<String, String> propertiesOfEcho() {
    return driver == JdbcDriver.MARIADB_2 || driver.isWithoutPlugins()
        ? Map.of("useServerPrepStmts", "false")
        : Map.of();
  }

  /** The oldest have no getter for it. */
  private static long hiddenId(Connection connection) throws ReflectiveOperationException {
    Method getter = connection.getClass().getDeclaredMethod("getIO");
    getter.setAccessible(true);
    Object protocol = getter.invoke(connection);
    Field id = protocol.getClass().getDeclaredField("threadId");
    id.setAccessible(true);
    return id.getLong(protocol);
  }

  private String idGetter() {
    if (driver == JdbcDriver.MARIADB_2) {
      return "getServerThreadId";
    }
    return driver.isMariaDb() ? "getThreadId" : "getId";
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return only(result);
    }
  }

  private static String only(ResultSet result) throws SQLException {
    result.next();
    return String.valueOf(result.getString(1));
  }

  private <T> T in(Login login, Work<T> work) throws Failure {
    return in(login, Map.of(), work);
  }

  private <T> T in(Login login, Map<String, String> properties, Work<T> work) throws Failure {
    try (Connection connection = connect(login, properties)) {
      return work.with(connection);
    } catch (SQLException e) {
      Failure failure =
          new Failure(e.getErrorCode() + " " + e.getSQLState() + " " + withoutPrefix(e));
      failure.initCause(e);
      throw failure;
    }
  }

  /** MariaDB Connector/J writes {@code (conn=7)} before the server's text. */
  private static String withoutPrefix(SQLException e) {
    return String.valueOf(e.getMessage()).replaceFirst("^\\(conn=\\d+\\) ", "");
  }

  /**
   * Connector/J before 8.0.26 picks the TLS versions from the server's: TLSv1 and TLSv1.1 alone
   * before MySQL 5.7.28, which no sound proxy offers. So its users must name the versions.
   */
  private Map<String, String> mysqlTls(Login login) {
    if (login.tls().isEmpty()) {
      return driver.compareTo(JdbcDriver.CONNECTOR_J_5_1) <= 0
          ? Map.of("useSSL", "false")
          : Map.of("sslMode", "DISABLED");
    }
    ProxyCertificates certificates = login.tls().get();
    Map<String, String> properties = new HashMap<>();
    properties.put("trustCertificateKeyStoreUrl", url(certificates.trustStore()));
    properties.put("trustCertificateKeyStorePassword", STORE_PASSWORD);
    properties.put("trustCertificateKeyStoreType", "PKCS12");
    properties.put("clientCertificateKeyStoreUrl", url(certificates.clientStore()));
    properties.put("clientCertificateKeyStorePassword", STORE_PASSWORD);
    properties.put("clientCertificateKeyStoreType", "PKCS12");
    if (driver == JdbcDriver.CONNECTOR_J_5_1) {
      properties.put("useSSL", "true");
      properties.put("requireSSL", "true");
      properties.put("verifyServerCertificate", "true");
      properties.put("enabledTLSProtocols", "TLSv1.2");
    } else {
      properties.put("sslMode", "VERIFY_IDENTITY");
    }
    return properties;
  }

  private Map<String, String> mariaDbTls(Login login) {
    boolean old = driver == JdbcDriver.MARIADB_2;
    if (login.tls().isEmpty()) {
      return old ? Map.of("useSsl", "false") : Map.of("sslMode", "disable");
    }
    ProxyCertificates certificates = login.tls().get();
    Map<String, String> properties = new HashMap<>();
    properties.put(old ? "useSsl" : "sslMode", old ? "true" : "verify-full");
    properties.put("serverSslCert", certificates.ca().toString());
    properties.put("keyStore", certificates.clientStore().toString());
    properties.put("keyStorePassword", STORE_PASSWORD);
    properties.put("keyStoreType", "PKCS12");
    return properties;
  }

  private static String url(Path file) {
    try {
      return file.toUri().toURL().toString();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return switch (driver) {
      case CONNECTOR_J_3_1 -> "Connector/J 3.1";
      case CONNECTOR_J_5_0 -> "Connector/J 5.0";
      case CONNECTOR_J_5_1 -> "Connector/J 5.1";
      case CONNECTOR_J_8 -> "Connector/J 8.0";
      case CONNECTOR_J_9 -> "Connector/J 9.7";
      case CONNECTOR_J_26 -> "Connector/J 26.10";
      case MARIADB_2 -> "MariaDB Connector/J 2.7";
      case MARIADB_3 -> "MariaDB Connector/J 3.5";
      case MARIADB_4 -> "MariaDB Connector/J 4.0";
    };
  }
}
