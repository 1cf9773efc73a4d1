package io.mysqltlsproxy.account.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.Condition;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.Rule;
import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What real servers print can be pasted into the rules. */
class ShowGrantsIT {

  private static final String ACCOUNT = "'pasted'@'10.0.%'";
  private static final String CLAUSE =
      "ISSUER '/C=US/CN=CA' AND SUBJECT '/C=US/O=its/CN=laura' AND CIPHER 'AES128-SHA'";

  @Test
  void theGrantsOfMysql55AreRead() throws Exception {
    assertGranted(Servers.mysql55(), "SHOW GRANTS FOR ");
  }

  @Test
  void theGrantsOfMysql56AreRead() throws Exception {
    assertGranted(Servers.mysql56(), "SHOW GRANTS FOR ");
  }

  @ParameterizedTest
  @EnumSource
  void theGrantsOfMariaDbAreRead(MariaDb version) throws Exception {
    assertGranted(Servers.mariaDb(version), "SHOW GRANTS FOR ");
  }

  @ParameterizedTest
  @EnumSource
  void theAccountsOfMariaDbAreRead(MariaDb version) throws Exception {
    assertGranted(Servers.mariaDb(version), "SHOW CREATE USER ");
  }

  /** From MySQL 8 on a GRANT has no REQUIRE, and SHOW GRANTS shows none. */
  @Test
  void theAccountsAndGrantsOfMysql97AreRead() throws Exception {
    TestServer server = Servers.container(Container.MYSQL_9_7);
    server.sql(
        "CREATE USER " + ACCOUNT + " IDENTIFIED BY 'secret' REQUIRE " + CLAUSE,
        "GRANT SELECT, CREATE USER, BACKUP_ADMIN ON *.* TO " + ACCOUNT + " WITH GRANT OPTION",
        "GRANT SELECT (user), INSERT ON mysql.user TO " + ACCOUNT);
    assertPasted(server, "SHOW CREATE USER ", "SHOW GRANTS FOR ");
  }

  private static void assertGranted(TestServer server, String show) throws Exception {
    server.sql(
        "GRANT USAGE ON *.* TO " + ACCOUNT + " IDENTIFIED BY 'secret'",
        "GRANT SELECT, CREATE USER ON *.* TO "
            + ACCOUNT
            + " REQUIRE "
            + CLAUSE
            + " WITH GRANT OPTION MAX_QUERIES_PER_HOUR 5",
        "GRANT SELECT (user), INSERT ON mysql.user TO " + ACCOUNT);
    assertPasted(server, show);
  }

  private static void assertPasted(TestServer server, String... shows) throws Exception {
    try {
      String pasted =
          Stream.of(shows)
              .flatMap(show -> server.sql(show + ACCOUNT).stream())
              .map(row -> row.get(0))
              .collect(Collectors.joining("\n"));
      Accounts accounts = RulesFile.parse(server.name(), pasted);

      Rule rule = accounts.find("pasted", new ClientHost("10.0.0.7", "10.0.0.7")).orElseThrow();
      assertEquals(
          conditions(RequireParser.parse(CLAUSE)), conditions(rule.require().orElseThrow()));
    } finally {
      server.sql("DROP USER " + ACCOUNT);
    }
  }

  /** Servers print them in orders of their own. */
  private static Set<Condition> conditions(Require require) {
    return Set.copyOf(require.alternatives().get(0));
  }
}
