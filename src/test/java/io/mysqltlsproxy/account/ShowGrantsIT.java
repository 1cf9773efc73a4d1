package io.mysqltlsproxy.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What real servers print can be pasted into the rules. */
class ShowGrantsIT {

  private static final String ACCOUNT = "'pasted'@'10.0.%'";

  @Test
  void theGrantsOfMysql55AreRead() throws Exception {
    assertPasted(Servers.mysql55(), "SHOW GRANTS FOR ");
  }

  @Test
  void theGrantsOfMysql56AreRead() throws Exception {
    assertPasted(Servers.mysql56(), "SHOW GRANTS FOR ");
  }

  @ParameterizedTest
  @EnumSource
  void theGrantsOfMariaDbAreRead(MariaDb version) throws Exception {
    assertPasted(Servers.mariaDb(version), "SHOW GRANTS FOR ");
  }

  @ParameterizedTest
  @EnumSource
  void theAccountsOfMariaDbAreRead(MariaDb version) throws Exception {
    assertPasted(Servers.mariaDb(version), "SHOW CREATE USER ");
  }

  private static void assertPasted(TestServer server, String show) throws Exception {
    String clause =
        "ISSUER '/C=US/CN=CA' AND SUBJECT '/C=US/O=its/CN=laura' AND CIPHER 'AES128-SHA'";
    server.sql(
        "GRANT USAGE ON *.* TO " + ACCOUNT + " IDENTIFIED BY 'secret'",
        "GRANT SELECT, CREATE USER ON *.* TO "
            + ACCOUNT
            + " REQUIRE "
            + clause
            + " WITH GRANT OPTION MAX_QUERIES_PER_HOUR 5",
        "GRANT SELECT (user), INSERT ON mysql.user TO " + ACCOUNT);
    try {
      String pasted =
          server.sql(show + ACCOUNT).stream()
              .map(row -> row.get(0))
              .collect(Collectors.joining("\n"));
      Accounts accounts = Accounts.parse(server.name(), pasted);

      Rule rule = accounts.find("pasted", new ClientHost("10.0.0.7", "10.0.0.7")).orElseThrow();
      assertEquals(Require.parse(clause), rule.require().orElseThrow());
    } finally {
      server.sql("DROP USER " + ACCOUNT);
    }
  }
}
