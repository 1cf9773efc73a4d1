package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.it.AuthenticationMatrix.Cell;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every plugin, server, transport, client and password, at login and at a change of user: through
 * the proxy it comes out as it does without.
 *
 * <p>Left out is what does not exist: plugins that a server does not bring along, and changes of
 * user with clients that have none (both command lines, whose {@code connect} logs in anew, MariaDB
 * Connector/J and PyMySQL). TCP and Unix socket are the proxy's ways to the server, and those of
 * the clients without the proxy; but JDBC drivers connect over TCP each time, since they need a
 * further library for a Unix socket.
 */
class AuthenticationMatrixIT {
  @AutoClose private static final MysqlCli MYSQL_CLI = new MysqlCli();
  private static final List<Client> CLIENTS = AuthenticationMatrix.clients(MYSQL_CLI);

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
}
