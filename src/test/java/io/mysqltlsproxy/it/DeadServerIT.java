package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the proxy itself says reaches the user of every client, on TLS and before it. */
class DeadServerIT {

  @Test
  void everyClientShowsThatTheServerCannotBeReachedAndWhy() throws Exception {
    try (ClosedPort nobody = new ClosedPort();
        RunningProxy proxy = RunningProxy.before(nobody.address());
        MysqlCli mysql = new MysqlCli()) {
      // PyMySQL takes the first six letters for an SQLSTATE, which there is none before the
      // greeting.
      everyClientShows(
          "connect to MySQL server on '127.0.0.1:" + nobody.number() + "'", proxy, mysql);
    }
  }

  @Test
  void everyClientShowsThatTheServerHasLeftDuringTheLogin() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                session -> {
                  session.send(0, Wire.greeting());
                  session.read();
                  session.socket().close();
                });
        RunningProxy proxy = RunningProxy.before(server.address());
        MysqlCli mysql = new MysqlCli()) {
      everyClientShows("Lost connection to MySQL server at 'authenticating'", proxy, mysql);
    }
  }

  private static void everyClientShows(String text, RunningProxy proxy, MysqlCli mysql) {
    Login login = Login.through(proxy, "root", "");
    List<Client> clients = new ArrayList<>(List.of(new MariaDbCli(), mysql));
    clients.addAll(List.of(ScriptClient.pyMysql(), ScriptClient.mysql2()));
    for (JdbcDriver driver : JdbcDriver.ofToday()) {
      clients.add(new JdbcClient(driver));
    }
    List<String> silent = new ArrayList<>();
    int tried = 0;
    for (Client client : clients) {
      if (client.unavailable().isEmpty()) {
        tried++;
        Client.Failure failure =
            assertThrows(Client.Failure.class, () -> client.query(login, "SELECT 1"));
        if (!String.valueOf(failure.getMessage()).contains(text)) {
          silent.add(client + ": " + failure.getMessage());
        }
      }
    }
    assertEquals(List.of(), silent);
    assertTrue(tried > 0, "there is no client");
  }
}
