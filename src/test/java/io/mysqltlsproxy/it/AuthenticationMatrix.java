package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** All attempts that one server allows, with an account of its own for each plugin and password. */
final class AuthenticationMatrix {

  /** The proxy's way to the server. */
  enum Transport {
    TCP,
    UNIX_SOCKET;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** One combination; of plugin, password and whether the user is changed in a session. */
  record Combination(MatrixPlugin plugin, MatrixPassword password, boolean changesUser) {
    String user() {
      return plugin.user(password);
    }

    Attempt attempt(Login target) {
      return new Attempt(target.as(user(), password.typed()), changesUser);
    }
  }

  /** What came of one combination with one client. */
  record Cell(
      ServerKind kind,
      Client client,
      Combination combination,
      Transport transport,
      String directly,
      String throughTheProxy) {

    /** What the proxy adds to the words of a server that denies the login in place of a key. */
    private static final String NO_KEY =
        " (mysql-tls-proxy: the server said so when it was asked for its RSA key; check that it has"
            + " one: SHOW STATUS LIKE '%Rsa_public_key')";

    /** The same as without the proxy, but for what some clients do wrong without TLS only. */
    boolean isAsItShould() {
      return throughTheProxy.equals(directly)
          || (!combination.plugin.hasRsaKey(kind) && throughTheProxy.equals(directly + NO_KEY))
          || (isMistakeWithoutTls() && combination.password.isRight() && comesIn())
          || isReadAtLast();
    }

    /**
     * MySQL 5.6 takes the character set of a change of user for the length of the attributes, and
     * refuses one with fewer. The proxy adds enough, so that the client gets further.
     */
    private boolean isReadAtLast() {
      boolean misread =
          kind == ServerKind.MYSQL_5_6
              && combination.changesUser
              && directly.startsWith("1045 28000 ")
              && directly.endsWith("(using password: NO)");
      boolean right = combination.password.isRight();
      return misread
          && (comesIn()
              ? right
              : !right || combination.plugin != MatrixPlugin.MYSQL_NATIVE_PASSWORD);
    }

    /**
     * A right password was denied, because the client sent something else in its place. With
     * sha256_password some ask for the RSA key even where there is no password to encrypt, and a
     * server without a key takes that for a wrong password. PyMySQL counts a Unix socket as secure
     * and sends the password in clear; the server decrypts it all the same.
     */
    private boolean isMistakeWithoutTls() {
      return combination.plugin == MatrixPlugin.SHA256_PASSWORD
          && directly.startsWith("1045 ")
          && (combination.plugin.hasRsaKey(kind)
              ? transport == Transport.UNIX_SOCKET
              : combination.password == MatrixPassword.EMPTY);
    }

    /** As itself, through the proxy. */
    boolean comesIn() {
      return throughTheProxy.equals(combination.user() + "@%");
    }

    @Override
    public String toString() {
      return "%s, %s over %s: directly <%s>, through the proxy <%s>"
          .formatted(client, combination, transport, directly, throughTheProxy);
    }
  }

  /** The account's host differs with the way to the server. */
  private static final Pattern HOST = Pattern.compile("'@'[^']*'");

  private final ServerKind kind;
  private final TestServer server;

  /** Makes the accounts. */
  AuthenticationMatrix(ServerKind kind, TestServer server) {
    this.kind = kind;
    this.server = server;
    MatrixPlugin.prepare(server, kind);
    MatrixPlugin first = MatrixPlugin.of(kind).get(kind == ServerKind.MYSQL_9_7 ? 1 : 0);
    first.create(server, kind, Attempt.FIRST_USER, "");
    for (Combination each : combinations(false)) {
      each.plugin().create(server, kind, each.user(), each.password().ofAccount());
    }
  }

  /** The clients that are tried. */
  static List<Client> clients(MysqlCli mysqlCli) {
    return List.of(
        mysqlCli,
        new MariaDbCli(),
        new JdbcClient(JdbcDriver.CONNECTOR_J_9),
        new JdbcClient(JdbcDriver.MARIADB_3),
        ScriptClient.pyMysql(),
        ScriptClient.mysql2());
  }

  private List<Combination> combinations(boolean changesUser) {
    List<Combination> combinations = new ArrayList<>();
    for (MatrixPlugin plugin : MatrixPlugin.of(kind)) {
      for (MatrixPassword password : MatrixPassword.values()) {
        combinations.add(new Combination(plugin, password, changesUser));
      }
    }
    return combinations;
  }

  /** All that a client can do with a plugin through a proxy. */
  List<Combination> combinations(Client client, MatrixPlugin plugin) {
    List<Combination> combinations = new ArrayList<>(combinations(false));
    if (client.changesUser()) {
      combinations.addAll(combinations(true));
    }
    return combinations.stream().filter(each -> each.plugin() == plugin).toList();
  }

  /** Everything that a client can do, each way. */
  List<Cell> cells(Client client, RunningProxy tcp, RunningProxy socket) {
    List<Cell> cells = new ArrayList<>(cells(client, tcp, socket, combinations(false)));
    if (client.changesUser()) {
      cells.addAll(cells(client, tcp, socket, combinations(true)));
    }
    return cells;
  }

  private List<Cell> cells(
      Client client, RunningProxy tcp, RunningProxy socket, List<Combination> combinations) {
    List<String> directly = outcomes(client, combinations, Login.directly(server, "", ""));
    List<String> bySocket =
        client.connectsBySocket()
            ? outcomes(client, combinations, Login.bySocket(server, "", ""))
            : directly;
    List<String> overTcp = outcomes(client, combinations, Login.through(tcp, "", ""));
    List<String> overSocket = outcomes(client, combinations, Login.through(socket, "", ""));
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < combinations.size(); i++) {
      Combination each = combinations.get(i);
      cells.add(new Cell(kind, client, each, Transport.TCP, directly.get(i), overTcp.get(i)));
      cells.add(
          new Cell(kind, client, each, Transport.UNIX_SOCKET, bySocket.get(i), overSocket.get(i)));
    }
    return cells;
  }

  /** Each with a cold cache of caching_sha2_password: every account has one attempt. */
  private List<String> outcomes(Client client, List<Combination> combinations, Login target) {
    server.sql("FLUSH PRIVILEGES");
    return client
        .outcomes(combinations.stream().map(each -> each.attempt(target)).toList())
        .stream()
        .map(AuthenticationMatrix::comparable)
        .toList();
  }

  private static String comparable(String outcome) {
    return HOST.matcher(outcome.lines().findFirst().orElse("")).replaceAll("'@'…'");
  }
}
