package io.mysqltlsproxy.connection;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * The proxy's whole way of one connection, with both legs in memory and on the caller's thread: no
 * socket, no timer, and every buffer counted.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class MemoryProxy {
  /** Users whom the rules admit without TLS; with it, {@link #TLS_USER} too. */
  static final Set<String> ADMITTED = Set.of("app", "other");

  static final String TLS_USER = "tls";

  /** Users whom they never admit here. */
  static final List<String> REFUSED = List.of("cert", "locked", "root", "");

  private static final String RULES =
      """
      ALTER USER app@'%' REQUIRE NONE;
      ALTER USER other@'%' REQUIRE NONE;
      ALTER USER tls@'%' REQUIRE SSL;
      ALTER USER cert@'%' REQUIRE X509;
      ALTER USER locked@'%' REQUIRE NONE ACCOUNT LOCK;
      """;

  /** Longer than anything waits for anything. */
  private static final long FOREVER_MILLIS = Duration.ofMinutes(11).toMillis();

  /** What is the same for every connection. */
  private record Setup(
      OptionValues values, PluginExchanges plugins, SecurityPolicy policy, SecurityPolicy strict) {

    static Setup load(Map<String, String> more) {
      Path directory = ProxyCertificates.shared().directory();
      Map<String, String> flags = new HashMap<>(more);
      flags.put("ssl-cert", directory.resolve("server-cert.pem").toString());
      flags.put("ssl-key", directory.resolve("server-key.pem").toString());
      flags.put("ssl-ca", directory.resolve("ca-cert.pem").toString());
      flags.put("require-secure-transport", "OFF");
      flags.put("require", "X509");
      flags.put("max-connections", "1");
      try {
        Path rules = Files.createTempFile(directory, "rules", ".sql");
        Files.writeString(rules, RULES);
        flags.put("accounts", rules.toString());
        OptionValues values = OptionSources.read(flags, Map.of(), directory.resolve("none.cnf"));
        SecurityPolicy policy = SecurityPolicy.load(values);
        Rules none = new Rules(false, policy.rules().require(), Accounts.NONE);
        return new Setup(
            values,
            PluginExchanges.load(values),
            policy,
            new SecurityPolicy(policy.towardsClients(), policy.towardsServer(), none));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (OptionException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }

  /** That of {@code connect}, which only few tests need. */
  private static final class Mirror {
    static final Setup SETUP = load();

    private static Setup load() {
      Path directory = ProxyCertificates.shared().directory();
      try {
        OptionValues values =
            OptionSources.read(
                OptionSet.CONNECT,
                Map.of(
                    "ssl-ca", directory.resolve("ca-cert.pem").toString(), "max-connections", "1"),
                Map.of(),
                directory.resolve("none.cnf"));
        SecurityPolicy policy = SecurityPolicy.load(values);
        return new Setup(values, PluginExchanges.load(values), policy, policy);
      } catch (OptionException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }

  private static final List<Setup> SETUPS =
      List.of(
          Setup.load(Map.of()),
          Setup.load(
              Map.of("proxy-protocol-networks", "127.0.0.0/8", "enable-cleartext-plugin", "ON")),
          Setup.load(
              Map.of("proxy-protocol-networks", "127.0.0.0/8", "backend-proxy-protocol", "V2")),
          Setup.load(Map.of("ssl-status", "OFF")));

  /** How many sets of options there are for the way before the login. */
  static final int SETUPS_BEFORE_LOGIN = 3;

  /** The set of options with which nothing that the server says is changed. */
  static final int UNCHANGED = 3;

  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final MemoryChannel client = new MemoryChannel(clock);
  private final LiveConnections all = new LiveConnections();
  private final List<CloseReason> ends = new ArrayList<>();
  private final ConnectionSettings settings;
  private final LiveConnection connection;
  private final SecurityPolicy strict;
  private SecurityPolicy policy;
  private Runnable whenConnected = () -> {};
  private @Nullable MemoryChannel server;
  private @Nullable Consumer<Channel> connected;
  private @Nullable Consumer<Throwable> failed;

  private MemoryProxy(Setup setup) {
    policy = setup.policy();
    strict = setup.strict();
    settings =
        ConnectionSettings.from(
            setup.values(),
            setup.plugins(),
            () -> policy,
            new ConnectionEvents() {
              @Override
              public void ended(CloseReason closeReason, boolean loggedIn) {
                ends.add(closeReason);
              }

              @Override
              public void serverConnected(Duration time) {
                whenConnected.run();
              }
            });
    ServerDoor door = new ServerDoor(this::dial, channel -> false, settings.connectTimeout());
    ConnectionAcceptor.accepted(settings, door, all, client);
    connection = all.all().get(0);
  }

  /**
   * A client has connected.
   *
   * @param setup which of the sets of options
   */
  static MemoryProxy accept(int setup) {
    return new MemoryProxy(SETUPS.get(setup));
  }

  /** The same with {@code connect}, whose rules admit everybody. */
  static MemoryProxy acceptAtMirror() {
    return new MemoryProxy(Mirror.SETUP);
  }

  private void dial(
      EventLoop loop,
      Duration timeout,
      Consumer<Channel> onSuccess,
      Consumer<Throwable> onFailure) {
    connected = onSuccess;
    failed = onFailure;
  }

  /** The server takes the connection, where the proxy wants one. */
  void serverAccepts() {
    Consumer<Channel> taker = connected;
    if (taker != null) {
      connected = null;
      MemoryChannel channel = new MemoryChannel(clock);
      server = channel;
      try {
        taker.accept(channel);
      } catch (RuntimeException e) {
        // As ServerConnector does.
        channel.close();
        requireNonNull(failed).accept(e);
      }
    }
  }

  /** Something of the proxy's own fails as soon as the server has taken the connection. */
  void failWhenConnected(RuntimeException failure) {
    whenConnected =
        () -> {
          throw failure;
        };
  }

  /** Why the connection has ended. */
  List<CloseReason> ends() {
    return List.copyOf(ends);
  }

  /** The server does not, where the proxy wants one. */
  void serverRefuses() {
    Consumer<Throwable> taker = failed;
    if (connected != null && taker != null) {
      connected = null;
      taker.accept(new ConnectException("Connection refused"));
    }
  }

  MemoryChannel client() {
    return client;
  }

  /** The leg to the server, once there is one. */
  Optional<MemoryChannel> server() {
    return Optional.ofNullable(server);
  }

  ClientPhase phase() {
    return connection.phase();
  }

  /** From now on the rules admit nobody. */
  void admitNobody() {
    policy = strict;
  }

  /** Someone wants the connection gone: an operator, or a reload. */
  void disconnect() {
    connection.close(CloseReason.RULE, "a test");
    pass(0);
  }

  /** Time passes, and what is due by then happens. */
  void pass(long millis) {
    clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    while (clock.hasPendingTasks()) {
      clock.runPendingTasks();
    }
  }

  /**
   * Both peers leave, or neither does, and time passes: then the connection has ended once, for a
   * reason, its place is free and every buffer released.
   */
  void end(boolean peersLeave) {
    if (peersLeave) {
      client.close();
      server().ifPresent(MemoryChannel::close);
    }
    serverRefuses();
    pass(FOREVER_MILLIS);
    check(!client.isOpen(), "the client's leg is open");
    check(server().filter(MemoryChannel::isOpen).isEmpty(), "the server's leg is open");
    check(ends.size() == 1, "it ended so often: " + ends);
    checkNoFault();
    check(client.heldBytes() == 0, client.heldBytes() + " bytes of the client's leg are held");
    long held = server().map(MemoryChannel::heldBytes).orElse(0L);
    check(held == 0, held + " bytes of the server's leg are held");
    check(isPlaceFree(), "its place is not free");
  }

  /** Takes the only place, if it is free. */
  boolean isPlaceFree() {
    try {
      settings.limits().take(ClientAddress.of(client));
      return true;
    } catch (ConnectionLimits.Full e) {
      return false;
    }
  }

  /** Nothing has failed that must not fail whatever peers send. */
  void checkNoFault() {
    check(!ends.contains(CloseReason.INTERNAL_ERROR), "an internal error");
    client.checkException();
    server().ifPresent(MemoryChannel::checkException);
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** Nothing is logged while a test class runs. */
  static final class Silence implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
      setLevel(null);
    }
  }

  private static void setLevel(@Nullable Level level) {
    for (String name : List.of("connection", "audit", "server")) {
      ((Logger) LoggerFactory.getLogger(name)).setLevel(level);
    }
  }
}
