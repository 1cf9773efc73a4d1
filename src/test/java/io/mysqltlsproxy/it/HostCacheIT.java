package io.mysqltlsproxy.it;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.it.AuthenticationMatrix.Combination;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.Mysql56;
import io.mysqltlsproxy.testing.NetworkNamespace;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What servers count against the proxy's host, when every client has made every login and change of
 * user: the passwords that were not right, and nothing else.
 *
 * <p>Servers do not count for loopback addresses, so the proxy's address is another here; and it
 * has a name, since without one each would also count as a failed look-up.
 */
class HostCacheIT {
  @AutoClose private static final MysqlCli MYSQL_CLI = new MysqlCli();
  private static final List<Client> CLIENTS = AuthenticationMatrix.clients(MYSQL_CLI);
  private static final String CACHE = "performance_schema.host_cache";

  @Test
  void mysql56CountsNothingButTheWrongPasswords() throws Exception {
    Mysql56.unavailable().ifPresent(reason -> abort(reason));
    NetworkNamespace.unavailable().ifPresent(reason -> abort(reason));
    try (NetworkNamespace namespace = NetworkNamespace.create();
        TestServer server = Mysql56.startIn(namespace)) {
      assertOnlyWrongPasswordsCount(ServerKind.MYSQL_5_6, server);
    }
  }

  @Test
  void mysql97CountsNothingButTheWrongPasswords() throws Exception {
    Container.MYSQL_9_7.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server = Container.MYSQL_9_7.start("--skip-name-resolve=OFF")) {
      assertOnlyWrongPasswordsCount(ServerKind.MYSQL_9_7, server);
    }
  }

  private static void assertOnlyWrongPasswordsCount(ServerKind kind, TestServer server)
      throws Exception {
    CLIENTS.forEach(client -> client.unavailable().ifPresent(Assumptions::abort));
    AuthenticationMatrix matrix = new AuthenticationMatrix(kind, server);
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      for (MatrixPlugin plugin : MatrixPlugin.of(kind)) {
        server.sql("TRUNCATE TABLE " + CACHE, "FLUSH PRIVILEGES");
        Map<String, Long> expected = new TreeMap<>();
        for (Client client : CLIENTS) {
          List<Combination> combinations = matrix.combinations(client, plugin);
          List<String> outcomes = client.outcomes(attempts(combinations, proxy));
          for (int i = 0; i < outcomes.size(); i++) {
            if (wasDenied(kind, combinations.get(i), outcomes.get(i))) {
              expected.merge(plugin.deniedCountsAs(), 1L, Long::sum);
            }
          }
        }
        // The proxy ends for itself what a client has left behind.
        Await.until(() -> counts(server).equals(expected));
        assertEquals(expected, counts(server), plugin.toString());
      }
    }
  }

  private static List<Attempt> attempts(List<Combination> combinations, RunningProxy proxy) {
    Login target = Login.through(proxy, "", "");
    return combinations.stream().map(each -> each.attempt(target)).toList();
  }

  /**
   * Whether the server found a password to be wrong. So it does for a client that does not know the
   * plugin and goes away: what the proxy sends in its place is empty. For sha256_password of MySQL
   * 5.6 that is wrong even where the account has no password. And MySQL 5.6 denies every change of
   * user by mysql2, with the proxy and without, as one that uses no password, and counts none.
   */
  private static boolean wasDenied(ServerKind kind, Combination combination, String outcome) {
    if (outcome.startsWith("1045 ")) {
      return !(combination.changesUser() && outcome.endsWith("(using password: NO)"));
    }
    boolean emptyIsRight =
        combination.password() == MatrixPassword.EMPTY && combination.plugin().hasRsaKey(kind);
    return !outcome.equals(combination.user() + "@%") && !emptyIsRight;
  }

  /** All that is not zero, by the names of the columns. */
  private static Map<String, Long> counts(TestServer server) {
    List<String> columns =
        server
            .sql(
                "SELECT column_name FROM information_schema.columns"
                    + " WHERE table_schema = 'performance_schema' AND table_name = 'host_cache'"
                    + " AND (column_name LIKE 'COUNT%' OR column_name LIKE 'SUM%')")
            .stream()
            .map(row -> row.get(0))
            .toList();
    String sums = columns.stream().map(column -> "SUM(" + column + ")").collect(joining(", "));
    List<String> values = server.sql("SELECT " + sums + " FROM " + CACHE).get(0);
    Map<String, Long> counts = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!values.get(i).equals("0")) {
        counts.put(columns.get(i), Long.valueOf(values.get(i)));
      }
    }
    return counts;
  }
}
