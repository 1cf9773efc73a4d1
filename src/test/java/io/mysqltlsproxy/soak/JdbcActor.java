package io.mysqltlsproxy.soak;

import static io.mysqltlsproxy.testing.ProxyCertificates.STORE_PASSWORD;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.ProxyCertificates;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A JDBC driver: queries, prepared statements, large results, LOAD DATA, changes of user. */
final class JdbcActor extends Actor {
  private static final int STEPS = 12;
  private static final int MAX_ECHO = 300_000;

  private final JdbcDriver driver;

  JdbcActor(JdbcDriver driver, Site site, Ledger ledger, Pause pause) {
    super(driver.toString(), site, ledger, pause);
    this.driver = driver;
  }

  @Override
  void act() throws SQLException, IOException, WrongException {
    step("login");
    try (Connection connection = connect()) {
      did("logins");
      for (int i = 0; i < STEPS; i++) {
        act(connection, ThreadLocalRandom.current().nextInt(20));
      }
      step("end");
    }
  }

  private void act(Connection connection, int dice)
      throws SQLException, IOException, WrongException {
    if (dice == 0) {
      large(connection);
    } else if (dice == 1) {
      load(connection);
    } else if (dice == 2 && !driver.isMariaDb()) {
      changeUser(connection);
    } else if (dice < 6) {
      echo(connection);
    } else if (dice < 12) {
      prepared(connection);
    } else {
      query(connection);
    }
  }

  private Connection connect() throws SQLException {
    Map<String, String> properties = new HashMap<>();
    properties.put("user", "soak");
    properties.put("password", Site.PASSWORD);
    properties.put("connectTimeout", "40000");
    properties.put("socketTimeout", "60000");
    properties.put("allowPublicKeyRetrieval", "true");
    properties.put("useServerPrepStmts", "true");
    properties.putAll(driver.isMariaDb() ? mariaDbTls() : mysqlTls());
    return driver.connect(site().address().getPort(), "soak", properties);
  }

  private Map<String, String> mariaDbTls() {
    ProxyCertificates certificates = site().certificates();
    boolean old = driver == JdbcDriver.MARIADB_2;
    Map<String, String> properties = new HashMap<>();
    properties.put("allowLocalInfile", "true");
    properties.put(old ? "useSsl" : "sslMode", old ? "true" : "verify-full");
    properties.put("serverSslCert", certificates.ca().toString());
    properties.put("keyStore", certificates.clientStore().toString());
    properties.put("keyStorePassword", STORE_PASSWORD);
    properties.put("keyStoreType", "PKCS12");
    return properties;
  }

  private Map<String, String> mysqlTls() {
    ProxyCertificates certificates = site().certificates();
    Map<String, String> properties = new HashMap<>();
    properties.put("allowLoadLocalInfile", "true");
    properties.put("connectionTimeZone", "UTC");
    properties.put("trustCertificateKeyStoreUrl", certificates.trustStore().toUri().toString());
    properties.put("trustCertificateKeyStorePassword", STORE_PASSWORD);
    properties.put("trustCertificateKeyStoreType", "PKCS12");
    properties.put("clientCertificateKeyStoreUrl", certificates.clientStore().toUri().toString());
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

  private void query(Connection connection) throws SQLException, WrongException {
    step("query");
    int id = ThreadLocalRandom.current().nextInt(Facts.ROWS);
    expect(Facts.body(id), value(connection, "SELECT body FROM facts WHERE id = " + id));
    did("queries");
  }

  private void prepared(Connection connection) throws SQLException, WrongException {
    step("prepared statement");
    int first = ThreadLocalRandom.current().nextInt(Facts.ROWS - 10);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id, body FROM facts WHERE id >= ? AND id < ? ORDER BY id")) {
      for (int execution = 0; execution < 2; execution++) {
        statement.setInt(1, first);
        statement.setInt(2, first + 10);
        try (ResultSet rows = statement.executeQuery()) {
          expectFacts(rows, first, first + 10);
        }
      }
    }
    did("prepared statements");
  }

  private void large(Connection connection) throws SQLException, WrongException {
    step("large result");
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, body FROM facts ORDER BY id")) {
      expectFacts(rows, 0, Facts.ROWS);
    }
    did("large results");
  }

  private static void expectFacts(ResultSet rows, int from, int to)
      throws SQLException, WrongException {
    for (int id = from; id < to; id++) {
      if (!rows.next() || rows.getInt(1) != id) {
        throw new WrongException("row " + id + " is missing");
      }
      expect(Facts.body(id), rows.getString(2));
    }
    if (rows.next()) {
      throw new WrongException("there are more rows");
    }
  }

  private void echo(Connection connection) throws SQLException, WrongException {
    step("echo");
    byte[] bytes = new byte[ThreadLocalRandom.current().nextInt(MAX_ECHO)];
    ThreadLocalRandom.current().nextBytes(bytes);
    try (PreparedStatement statement = connection.prepareStatement("SELECT ? AS v")) {
      statement.setBytes(1, bytes);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || !Arrays.equals(bytes, row.getBytes(1))) {
          throw new WrongException("of " + bytes.length + " bytes others came back");
        }
      }
    }
    did("echoes");
  }

  private void load(Connection connection) throws SQLException, IOException, WrongException {
    step("LOAD DATA");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TEMPORARY TABLE loaded (id INT, body VARCHAR(1000)) CHARACTER SET latin1");
      statement.execute("LOAD DATA LOCAL INFILE '" + site().factsFile() + "' INTO TABLE loaded");
      expect(
          String.valueOf(Facts.sumOfChecksums()),
          value(connection, "SELECT SUM(CRC32(body)) FROM loaded"));
      statement.execute("DROP TEMPORARY TABLE loaded");
    }
    did("files loaded");
  }

  private void changeUser(Connection connection) throws SQLException, WrongException {
    step("change of user");
    for (String user : new String[] {"other", "soak"}) {
      try {
        connection
            .getClass()
            .getMethod("changeUser", String.class, String.class)
            .invoke(connection, user, Site.PASSWORD);
      } catch (InvocationTargetException e) {
        throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("USE soak");
      }
      expect(user + "@%", value(connection, "SELECT CURRENT_USER()"));
    }
    did("changes of user");
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "no row";
    }
  }

  private static void expect(String expected, String actual) throws WrongException {
    if (!expected.equals(actual)) {
      throw new WrongException("corrupt: " + actual + " in place of " + expected);
    }
  }

  @Override
  String explain(Exception e) throws WrongException {
    if (!(e instanceof SQLException sql)) {
      return e.getClass().getSimpleName();
    }
    boolean broken = String.valueOf(sql.getSQLState()).startsWith("08");
    if (!broken && !isOfAnOutage(sql.getErrorCode())) {
      throw new WrongException(sql.getErrorCode() + " " + sql.getSQLState() + " " + e.getMessage());
    }
    return "JDBC " + sql.getErrorCode() + " " + sql.getSQLState();
  }
}
