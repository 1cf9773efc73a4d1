package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * {@code server-version}, with a driver that picks its TLS versions by the server's: Connector/J
 * 5.1 offers MySQL 5.5 nothing above TLSv1.1.
 */
class ServerVersionIT {
  private static final JdbcDriver DRIVER = JdbcDriver.CONNECTOR_J_5_1;
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "user",
          "root",
          "useSSL",
          "true",
          "requireSSL",
          "true",
          "verifyServerCertificate",
          "false");

  private final TestServer server = server();

  private static TestServer server() {
    DRIVER.unavailable().ifPresent(Assumptions::abort);
    return Servers.mysql55();
  }

  @Test
  void aDriverOffersTheTlsVersionsOfTheVersionThatTheGreetingSays() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(server.address(), "server-version=5.6.51");
        Connection connection = DRIVER.connect(proxy.port(), "", PROPERTIES);
        ResultSet version = connection.createStatement().executeQuery("SELECT VERSION()")) {
      assertEquals("5.6.51", connection.getMetaData().getDatabaseProductVersion());
      version.next();
      assertEquals("5.5.9", version.getString(1));
    }
  }

  @Test
  void behindTheServersOwnVersionTheSameDriverDoesNotComeIn() {
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      assertThrows(SQLException.class, () -> DRIVER.connect(proxy.port(), "", PROPERTIES).close());
    }
  }
}
