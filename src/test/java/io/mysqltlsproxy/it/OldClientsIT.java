package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import java.sql.SQLException;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Clients that choose their TLS versions by the server's version. Connector/J before 8.0.26 offers
 * a server older than MySQL 5.7.28, and every MariaDB, TLSv1 and TLSv1.1 only; the proxy shows it
 * the old server's version, and today's Java refuses to speak either.
 */
class OldClientsIT {
  private static final String PROTOCOLS = "enabledTLSProtocols";

  private final JdbcClient client = new JdbcClient(JdbcDriver.CONNECTOR_J_5_1);

  @Test
  void connectorJ51BehindAnOldServerNeedsItsProtocolsNamed() throws Exception {
    client.unavailable().ifPresent(Assumptions::abort);
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address())) {
      Login login = Login.through(proxy, "root", "");

      SQLException failure =
          assertThrows(SQLException.class, () -> client.connect(login, Map.of(PROTOCOLS, "")));
      assertInstanceOf(SSLHandshakeException.class, failure.getCause());
      assertEquals("08S01", failure.getSQLState());
      assertTrue(Await.until(() -> proxy.linesWith("enabledTLSProtocols=TLSv1.2") == 1));

      assertDoesNotThrow(() -> client.connect(login, Map.of(PROTOCOLS, "TLSv1.2")).close());
    }
  }
}
