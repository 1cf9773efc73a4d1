package io.mysqltlsproxy.it;

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
      return new Attempt(
          new Login(target.port(), user(), password.typed(), target.tls()), changesUser);
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

    /** What clients say when they will not go on without TLS, or without an RSA key. */
    private static final Pattern WANTS_TLS =
        Pattern.compile("(?i).*(secure connection|SSL|TLS|public key).*");

    /** Without TLS it only failed for want of TLS. */
    boolean needsTls() {
      return !directly.startsWith("1045 ") && WANTS_TLS.matcher(directly).matches();
    }

    /**
     * The same as without the proxy; but what fails there for want of TLS, or of an RSA key that
     * would do in its place, comes in through the proxy if the password is right, and is denied
     * otherwise. Where the server has no such key, a right password may be denied, too.
     */
    boolean isAsItShould() {
      if (directly.equals(throughTheProxy)) {
        return true;
      }
      boolean isRight = combination.password.isRight();
      boolean denied = throughTheProxy.startsWith("1045 ");
      if (!combination.plugin.hasRsaKey(kind)) {
        return denied || (isRight && comesIn());
      }
      return needsTls() && (isRight ? comesIn() : denied);
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

  /** What the proxy adds to a server's words. */
  private static final Pattern ADDITION = Pattern.compile(" \\(mysql-tls-proxy: .*\\)");

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

  private List<Combination> combinations(boolean changesUser) {
    List<Combination> combinations = new ArrayList<>();
    for (MatrixPlugin plugin : MatrixPlugin.of(kind)) {
      for (MatrixPassword password : MatrixPassword.values()) {
        combinations.add(new Combination(plugin, password, changesUser));
      }
    }
    return combinations;
  }

  /** All logins with a plugin through a proxy. */
  List<Attempt> logins(RunningProxy proxy, MatrixPlugin plugin) {
    Login target = Login.through(proxy, "", "");
    return combinations(false).stream()
        .filter(each -> each.plugin() == plugin)
        .map(each -> each.attempt(target))
        .toList();
  }

  /** Everything that a client can do, each way. */
  List<Cell> cells(Client client, RunningProxy tcp, RunningProxy socket) {
    List<Combination> combinations = new ArrayList<>(combinations(false));
    if (client.changesUser()) {
      combinations.addAll(combinations(true));
    }
    List<String> directly = outcomes(client, combinations, Login.directly(server, "", ""));
    List<String> overTcp = outcomes(client, combinations, Login.through(tcp, "", ""));
    List<String> overSocket = outcomes(client, combinations, Login.through(socket, "", ""));
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < combinations.size(); i++) {
      Combination each = combinations.get(i);
      cells.add(new Cell(kind, client, each, Transport.TCP, directly.get(i), overTcp.get(i)));
      cells.add(
          new Cell(kind, client, each, Transport.UNIX_SOCKET, directly.get(i), overSocket.get(i)));
    }
    return cells;
  }

  /** Each time with a cold cache of caching_sha2_password; a change of user finds it warm. */
  private List<String> outcomes(Client client, List<Combination> combinations, Login target) {
    server.sql("FLUSH PRIVILEGES");
    return client
        .outcomes(combinations.stream().map(each -> each.attempt(target)).toList())
        .stream()
        .map(AuthenticationMatrix::comparable)
        .toList();
  }

  private static String comparable(String outcome) {
    String text = HOST.matcher(outcome.lines().findFirst().orElse("")).replaceAll("'@'…'");
    return ADDITION.matcher(text).replaceAll("");
  }
}
