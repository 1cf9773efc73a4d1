package io.mysqltlsproxy.account.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.account.grammar.RulesFile;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mariadb.jdbc.Driver;

/** The rules choose the account that real servers choose, of many that fit. */
class HostOrderIT {
  private static final List<String> CLIENTS = List.of("laura", "bob", "nobody");
  private static final int ROUNDS = 5;

  private static final List<String> ADDRESSES =
      List.of(
          "127.0.0.1",
          "127.0.0.2",
          "127.0.0.7",
          "127.0.0.17",
          "127.0.0.70",
          "127.0.0.255",
          "127.0.1.1",
          "127.0.1.7",
          "127.0.77.7",
          "127.1.0.7",
          "127.7.7.7",
          "127.70.0.1",
          "127.255.0.17");

  private static final List<String> PATTERNS =
      List.of(
          "%",
          "1%",
          "_27.%",
          "127%",
          "127.%",
          "127._.%",
          "127.0%",
          "127.0.%",
          "127.0._.%",
          "127.%.7",
          "127.0.%.7",
          "127.0.0.%",
          "127.0.0._",
          "127.0.0.__",
          "127.0.0.7%",
          "%7",
          "%.7",
          "%.0.7",
          "%0.0.%",
          "%.7.%",
          "",
          "127.0.0.1%",
          "127.0.1.1%",
          "127.0.1.7%",
          "127.0.0.2%",
          "127.0.0.%7",
          "___.0.0._",
          "local%",
          "localhost",
          "LOCAL_OST",
          "%host",
          "localhos_",
          "127\\_0.0.1",
          "127.0.0.7\\%");

  private static List<String> all() {
    List<String> hosts = new ArrayList<>(ADDRESSES);
    hosts.addAll(PATTERNS);
    for (int bits : new int[] {8, 9, 12, 16, 20, 23, 24, 26, 28, 29, 30, 31, 32}) {
      int mask = -1 << (32 - bits);
      for (String address : List.of("127.0.0.7", "127.0.1.7", "127.7.7.7", "127.0.0.17")) {
        String network = text((int) Addresses.ipv4(address) & mask);
        hosts.add(network + "/" + text(mask));
        hosts.add(network + "/" + bits);
      }
    }
    return hosts.stream().distinct().toList();
  }

  /** Without networks, and no two alike that fit one address. */
  private static List<String> plain() {
    List<String> hosts = new ArrayList<>(ADDRESSES);
    hosts.addAll(
        List.of(
            "%",
            "1%",
            "127.%",
            "127.0%",
            "127.0.%",
            "127.0.0.%",
            "127.7.%",
            "127.7.7.%",
            "127.0.0.7%",
            "127.0.0.1%"));
    return hosts;
  }

  private static String text(int address) {
    return Stream.of(24, 16, 8, 0)
        .map(shift -> String.valueOf(address >>> shift & 0xFF))
        .collect(Collectors.joining("."));
  }

  @Test
  void theOrderIsThatOfMysql97() throws Exception {
    Container.MYSQL_9_7.unavailable().ifPresent(Assumptions::abort);
    try (TestServer server = Container.MYSQL_9_7.startOnLoopback()) {
      assertEquals(Map.of(), differences(server, List.of("laura", "bob", ""), all()));
    }
  }

  static Stream<TestServer> otherServers() {
    return Stream.of(Servers.mysql55(), Servers.mariaDb(MariaDb.MARIADB_11_4));
  }

  /** With networks and the anonymous user they have orders of their own. */
  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("otherServers")
  void addressesAndPatternsOfNamedUsersAreTriedAlikeByOthers(TestServer server) throws Exception {
    assertEquals(Map.of(), differences(server, List.of("laura", "bob"), plain()));
  }

  /** Where the rules and the server choose differently: what each says. */
  private static Map<String, String> differences(
      TestServer server, List<String> users, List<String> hosts) throws Exception {
    Map<String, String> differences = new TreeMap<>();
    Random random = new Random(20261121);
    try (Connection root = connect(server, "root", "127.0.0.1")) {
      for (int round = 0; round < ROUNDS; round++) {
        double share = 0.2 + 0.15 * round;
        List<String> accounts = new ArrayList<>();
        for (String user : users) {
          for (String host : hosts) {
            if (random.nextDouble() < share) {
              accounts.add("'" + user + "'@'" + host.replace("\\", "\\\\") + "'");
            }
          }
        }
        Collections.shuffle(accounts, random);
        String all = String.join(",", accounts);
        Rules rules =
            new Rules(
                false,
                Require.NONE,
                RulesFile.parse("rules", "CREATE USER " + all + " REQUIRE NONE"));
        execute(root, "CREATE USER " + all);
        try {
          for (String user : CLIENTS) {
            for (String address : ADDRESSES) {
              String chosen = chosen(server, user, address);
              String ours = chosen(rules, user, address);
              if (!chosen.equals(ours)) {
                differences.put(round + " " + user + " from " + address, chosen + ", not " + ours);
              }
            }
          }
        } finally {
          execute(root, "DROP USER " + all);
        }
      }
    }
    return differences;
  }

  private static String chosen(Rules rules, String user, String address) {
    // As servers have it, of the loopback addresses only 127.0.0.1 is localhost.
    String name = address.equals("127.0.0.1") ? "localhost" : address;
    Login login = new Login(user, new ClientHost(name, address), false, Transport.PLAIN);
    String rule = assertInstanceOf(Admitted.class, rules.decide(login)).rule();
    return rule.startsWith("--") ? "none" : rule.replaceFirst(" \\(rules:.*", "").replace("'", "");
  }

  private static String chosen(TestServer server, String user, String address) throws SQLException {
    try (Connection client = connect(server, user, address);
        Statement statement = client.createStatement();
        ResultSet row = statement.executeQuery("SELECT CURRENT_USER()")) {
      row.next();
      return row.getString(1).toLowerCase(Locale.ROOT);
    } catch (SQLException e) {
      // MySQL 9 asks for a nobody's password with a plugin of its choice, which may be unknown
      // here.
      if (e.getErrorCode() == 1045
          || e.getErrorCode() == 1130
          || e.toString().contains("'sha256_password'")) {
        return "none";
      }
      throw e;
    }
  }

  private static Connection connect(TestServer server, String user, String address)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("sslMode", "disable");
    properties.setProperty("localSocketAddress", address);
    properties.setProperty("connectTimeout", "60000");
    return new Driver().connect("jdbc:mariadb://127.0.0.1:" + server.port() + "/", properties);
  }

  private static void execute(Connection root, String sql) throws SQLException {
    try (Statement statement = root.createStatement()) {
      statement.execute(sql);
    }
  }
}
