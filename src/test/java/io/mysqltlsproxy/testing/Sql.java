package io.mysqltlsproxy.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.mariadb.jdbc.Driver;

/** Statements over plain JDBC, for what a test prepares and reads behind the proxy's back. */
final class Sql {

  private Sql() {}

  static List<List<String>> asRoot(TestServer server, String... statements) {
    String running = "connecting";
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      List<List<String>> rows = List.of();
      for (String sql : statements) {
        running = sql;
        if (statement.execute(sql)) {
          rows = rows(statement.getResultSet());
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(server.name() + " refused: " + running + ": " + e.getMessage(), e);
    }
  }

  private static Connection connect(TestServer server) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "root");
    properties.setProperty("password", server.rootPassword());
    properties.setProperty("sslMode", "disable");
    properties.setProperty("allowPublicKeyRetrieval", "true");
    properties.setProperty("connectTimeout", "60000");
    String host = server.address().getAddress().getHostAddress();
    return new Driver().connect("jdbc:mariadb://" + host + ":" + server.port() + "/", properties);
  }

  private static List<List<String>> rows(ResultSet result) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    int columns = result.getMetaData().getColumnCount();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        row.add(String.valueOf(result.getString(i)));
      }
      rows.add(row);
    }
    return rows;
  }
}
