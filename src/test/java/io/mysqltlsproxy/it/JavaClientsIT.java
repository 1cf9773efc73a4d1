package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that read the greeting to the letter, in front of MySQL 5.5.9, whose greeting lacks its
 * last byte.
 */
class JavaClientsIT {

  @ParameterizedTest
  @ValueSource(strings = {"vertx", "r2dbc-mariadb"})
  void aReactiveClientLogsIn(String name) {
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address())) {
      Tool.Result result = new JavaClient(name).run(proxy);

      assertEquals(0, result.status(), result::error);
      assertTrue(result.text().startsWith("TLSv1."), result::text);
    }
  }

  @Test
  void theReaderOfBinaryLogsFollowsTheServer() throws Exception {
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    try (TestServer server = Mysql55.start("--log-bin=mysql-bin", "--server-id=1");
        RunningProxy proxy = RunningProxy.before(server.address())) {
      server.sql("CREATE TABLE test.written_to_the_binary_log (id INT)");

      Tool.Result result = new JavaClient("binlog").run(proxy, "written_to_the_binary_log");

      assertEquals(0, result.status(), result::error);
      assertTrue(result.text().startsWith("CREATE TABLE"), result::text);
    }
  }

  /** It offers TLSv1 and TLSv1.1 only to servers before 5.7.28, and every server by its choice. */
  @Test
  void r2dbcMysqlBehindAnOldServerNeedsItsVersionNamed() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address())) {
      Tool.Result unnamed = new JavaClient("r2dbc-mysql").run(proxy);
      assertEquals(1, unnamed.status(), unnamed::text);
      assertTrue(Await.until(() -> proxy.linesWith("tlsVersion=TLSv1.2") == 1), unnamed::error);

      Tool.Result named = new JavaClient("r2dbc-mysql").run(proxy, "TLSv1.2");
      assertEquals(0, named.status(), named::error);
      assertTrue(named.text().startsWith("TLSv1.2"), named::text);
    }
  }
}
