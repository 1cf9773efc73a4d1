package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServersIT {

  @Test
  void mysql55HasNoOpenSsl() {
    TestServer server = Servers.mysql55();

    assertEquals("5.5.9", server.version());
    assertEquals("NO", variable(server, "have_openssl"));
    assertEquals("NO", variable(server, "have_ssl"));
    assertNobodyComesInWithoutAName(server);
  }

  @Test
  void mysql56HasTlsOff() {
    TestServer server = Servers.mysql56();

    assertEquals("5.6.24", server.version());
    assertEquals("DISABLED", variable(server, "have_ssl"));
    assertNobodyComesInWithoutAName(server);
  }

  @ParameterizedTest
  @EnumSource
  void mariaDbHasTlsOff(MariaDb version) {
    TestServer server = Servers.mariaDb(version);

    assertEquals(version.version() + "-MariaDB", server.version());
    assertEquals("DISABLED", variable(server, "have_ssl"));
    assertNobodyComesInWithoutAName(server);
  }

  @Test
  void theMysqlContainerHasTlsOff() {
    TestServer server = Servers.container(Container.MYSQL_9_7);

    assertTrue(server.version().startsWith("9.7."), server.version());
    assertEquals("", variable(server, "tls_version"));
  }

  @Test
  void theMariaDbContainerHasTlsOff() {
    TestServer server = Servers.container(Container.MARIADB_11_8);

    assertTrue(server.version().startsWith("11.8."), server.version());
    assertEquals("DISABLED", variable(server, "have_ssl"));
  }

  @Test
  void aServerThatDoesNotStartSaysWhyInTheTailOfItsLog() {
    Mysql55.unavailable().ifPresent(Assumptions::abort);

    IOException failure =
        assertThrows(IOException.class, () -> Mysql55.start("--no-such-option").close());

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("unknown option '--no-such-option'"), message);
  }

  private static String variable(TestServer server, String name) {
    return server.sql("SHOW VARIABLES LIKE '" + name + "'").get(0).get(1);
  }

  private static void assertNobodyComesInWithoutAName(TestServer server) {
    assertEquals(List.of(), server.sql("SELECT host FROM mysql.user WHERE user = ''"));
  }
}
