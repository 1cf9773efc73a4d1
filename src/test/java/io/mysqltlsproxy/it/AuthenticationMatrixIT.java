package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.it.AuthenticationMatrix.Cell;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.Mysql56;
import io.mysqltlsproxy.testing.NetworkNamespace;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every plugin, server, transport, client and password, at login and at a change of user: through
 * the proxy it comes out as it does without.
 *
 * <p>Left out is what does not exist: plugins that a server does not bring along, and changes of
 * user with clients that have none (both command lines, whose {@code connect} logs in anew, MariaDB
 * Connector/J and PyMySQL). The clients themselves connect over TCP only, on TLS to the proxy and
 * without it to the server; TCP and Unix socket are the proxy's ways to the server.
 */
class AuthenticationMatrixIT {
  private static final MysqlCli MYSQL_CLI = new MysqlCli();
  private static final List<Client> CLIENTS =
      List.of(
          MYSQL_CLI,
          new MariaDbCli(),
          new JdbcClient(JdbcDriver.CONNECTOR_J_9),
          new JdbcClient(JdbcDriver.MARIADB_3),
          ScriptClient.pyMysql(),
          ScriptClient.mysql2());

  @AfterAll
  static void end() {
    MYSQL_CLI.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyAttemptComesOutAsItDoesWithoutTheProxy(ServerKind kind) throws IOException {
    CLIENTS.forEach(client -> client.unavailable().ifPresent(Assumptions::abort));
    TestServer server = kind.server();
    AuthenticationMatrix matrix = new AuthenticationMatrix(kind, server);
    List<Cell> cells = new ArrayList<>();
    try (RunningProxy tcp = RunningProxy.before(server.address());
        RunningProxy socket = RunningProxy.beforeBackend("unix:" + server.socket().orElseThrow())) {
      for (Client client : CLIENTS) {
        cells.addAll(matrix.cells(client, tcp, socket));
      }
    }

    List<String> different =
        cells.stream().filter(cell -> !cell.isAsItShould()).map(Cell::toString).toList();
    assertEquals(List.of(), different, () -> String.join("\n", different));
    AuthenticationPage.check(kind, CLIENTS, cells);
  }

  /**
   * The server's own count. It has none for loopback addresses, so this one is elsewhere; and
   * because its address has a name, it counts what went wrong before the password, too.
   */
  @Test
  void onlyTheWrongPasswordsCountAsErrors() throws IOException {
    CLIENTS.forEach(client -> client.unavailable().ifPresent(Assumptions::abort));
    Mysql56.unavailable().ifPresent(reason -> abort(reason));
    NetworkNamespace.unavailable().ifPresent(reason -> abort(reason));
    try (NetworkNamespace namespace = NetworkNamespace.create();
        TestServer server = Mysql56.startIn(namespace, "--max-connect-errors=1000000");
        RunningProxy proxy = RunningProxy.before(server.address())) {
      AuthenticationMatrix matrix = new AuthenticationMatrix(ServerKind.MYSQL_5_6, server);
      long denied = 0;
      for (Client client : CLIENTS) {
        denied +=
            client.outcomes(matrix.logins(proxy, MatrixPlugin.MYSQL_NATIVE_PASSWORD)).stream()
                .filter(outcome -> outcome.startsWith("1045 "))
                .count();
      }
      assertEquals(CLIENTS.size() + 1, denied, "the wrong ones, and PyMySQL's non-ASCII");
      assertEquals(String.valueOf(denied), sum(server, "COUNT_AUTHENTICATION_ERRORS"));
      for (Client client : CLIENTS) {
        client.outcomes(matrix.logins(proxy, MatrixPlugin.MYSQL_OLD_PASSWORD));
        client.outcomes(matrix.logins(proxy, MatrixPlugin.SHA256_PASSWORD));
      }
      assertEquals("0", sum(server, "COUNT_HANDSHAKE_ERRORS"));
    }
  }

  private static String sum(TestServer server, String column) {
    return server
        .sql("SELECT SUM(" + column + ") FROM performance_schema.host_cache")
        .get(0)
        .get(0);
  }
}
