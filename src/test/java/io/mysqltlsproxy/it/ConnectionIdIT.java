package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mysqltlsproxy.testing.JdbcDriver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectionIdIT {
  private static final int QUERY_INTERRUPTED = 1317;

  private final JdbcClient client = new JdbcClient(JdbcDriver.MARIADB_3);

  @ParameterizedTest
  @EnumSource
  void connectionIdIsTheGreetings(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind)) {
      Client.ConnectionIds ids = client.connectionIds(site.login());
      assertEquals(ids.server(), ids.client());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void killQueryFromASecondConnectionEndsTheFirstOnesQueryAndNotItsSession(ServerKind kind)
      throws Exception {
    try (Site site = Site.of(kind);
        Connection first = client.connect(site.login(), Map.of());
        Connection second = client.connect(site.login(), Map.of())) {
      long id = number(first, "SELECT CONNECTION_ID()");
      CompletableFuture<Long> query = CompletableFuture.supplyAsync(() -> slowQuery(first));
      while (number(
              second,
              "SELECT COUNT(*) FROM information_schema.processlist"
                  + " WHERE state = 'User sleep' AND id = "
                  + id)
          == 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }

      try (Statement statement = second.createStatement()) {
        statement.execute("KILL QUERY " + id);
      }

      CompletionException failure = assertThrows(CompletionException.class, query::join);
      SQLException error = assertInstanceOf(SQLException.class, failure.getCause());
      assertEquals(QUERY_INTERRUPTED, error.getErrorCode());
      assertEquals(id, number(first, "SELECT CONNECTION_ID()"));
    }
  }

  /** SLEEP alone returns 1 when it is interrupted; a query that goes on after it fails. */
  private static long slowQuery(Connection connection) {
    try {
      return number(
          connection,
          "SELECT COUNT(*) FROM information_schema.collations a, information_schema.collations b"
              + " WHERE SLEEP(1) = 0");
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
