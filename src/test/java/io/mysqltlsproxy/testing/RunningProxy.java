package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.connection.ConnectionEvents;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.LiveConnections;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.net.Entrance;
import io.mysqltlsproxy.net.SocketEntrance;
import io.mysqltlsproxy.net.TcpEntrance;
import io.mysqltlsproxy.option.ConnectOptions;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.reload.Reloader;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** A proxy in this JVM on a free port of 127.0.0.1, and what it logs. */
public final class RunningProxy implements AutoCloseable {
  private final Proxy proxy;
  private final Reloader reloader;
  private final Runnable reload;
  private final Log log = new Log("connection");
  private final Log reloadLog = new Log("reload");
  private final List<RawClient> clients = new CopyOnWriteArrayList<>();
  private boolean closed;

  private RunningProxy(Proxy proxy, Reloader reloader) {
    this.proxy = proxy;
    this.reloader = reloader;
    log.begin();
    reloadLog.begin();
    reload = reloader.watch(proxy.live(), () -> {});
  }

  /** In front of a real server, or one that stands in for it. */
  public static RunningProxy before(InetSocketAddress server, String... options) {
    return beforeBackend(server.getAddress().getHostAddress() + ":" + server.getPort(), options);
  }

  /**
   * Starts a proxy with {@link ProxyCertificates#shared} that asks for client certificates and,
   * unless an option says otherwise, lets in every client on TLS, with or without one.
   *
   * @param backend as the option {@code backend} has it
   * @param options more, or other ones, as on the command line without the dashes: {@code
   *     require=X509}; with a dash, one that is left out: {@code -ssl-cert}
   */
  public static RunningProxy beforeBackend(String backend, String... options) {
    return start(OptionSet.RUN, flags(backend, options));
  }

  /**
   * Starts a mirror, {@code connect}, which trusts the authority of {@link
   * ProxyCertificates#shared} and verifies the server's name.
   *
   * @param server with TLS, on 127.0.0.1
   * @param options more, or other ones: {@code ssl-mode=REQUIRED}
   */
  public static RunningProxy connecting(int server, String... options) {
    return start(OptionSet.CONNECT, connectFlags(server, options));
  }

  /** The options of such a mirror. */
  public static Map<String, String> connectFlags(int server, String... options) {
    Map<String, String> flags = new HashMap<>();
    flags.put("backend", "127.0.0.1:" + server);
    flags.put("ssl-ca", ProxyCertificates.shared().ca().toString());
    add(flags, options);
    return flags;
  }

  private static RunningProxy start(OptionSet command, Map<String, String> flags) {
    try {
      OptionValues values =
          OptionSources.read(
              command,
              flags,
              Map.of(),
              ProxyCertificates.shared().directory().resolve("no-option-file.cnf"));
      Reloader reloader = Reloader.load(values);
      try {
        ConnectionSettings settings =
            ConnectionSettings.from(
                values, PluginExchanges.load(values), reloader, ConnectionEvents.NONE);
        return new RunningProxy(Proxy.start(settings, entrance(values, settings)), reloader);
      } catch (IOException | OptionException e) {
        reloader.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OptionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Entrance entrance(OptionValues values, ConnectionSettings settings) {
    Optional<Path> socket =
        values.has(ConnectOptions.SOCKET) ? values.get(ConnectOptions.SOCKET) : Optional.empty();
    return socket.isPresent()
        ? new SocketEntrance(socket.get(), !settings.socketUsers().everyone())
        : new TcpEntrance(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty());
  }

  /** The options by which a proxy process would do the same. */
  public static Map<String, String> flags(String backend, String... options) {
    ProxyCertificates certificates = ProxyCertificates.shared();
    Map<String, String> flags = new HashMap<>();
    flags.put("backend", backend);
    flags.put("ssl-cert", certificates.serverCert().toString());
    flags.put("ssl-key", certificates.serverKey().toString());
    flags.put("ssl-ca", certificates.ca().toString());
    add(flags, options);
    return flags;
  }

  private static void add(Map<String, String> flags, String... options) {
    for (String option : options) {
      if (option.startsWith("-")) {
        flags.remove(option.substring(1));
        continue;
      }
      int equals = option.indexOf('=');
      flags.put(option.substring(0, equals), option.substring(equals + 1));
    }
  }

  /** Where clients connect. */
  public InetSocketAddress address() {
    return proxy.address();
  }

  /** The TCP port on 127.0.0.1. */
  public int port() {
    return address().getPort();
  }

  /** Its own, its clients' and their authority's. */
  public ProxyCertificates certificates() {
    return ProxyCertificates.shared();
  }

  /** How many clients are connected. */
  public int connections() {
    return proxy.connections();
  }

  /** How many connections the server has yet to greet. */
  public int ungreeted() {
    return proxy.ungreeted();
  }

  /** The clients that are connected, and what is known of each. */
  public LiveConnections live() {
    return proxy.live();
  }

  /** The threads on which the connections live. */
  public Iterable<EventExecutor> eventLoops() {
    return proxy.eventLoops();
  }

  /** What is wrong with the server, as readiness asks it; empty where it greets. */
  public Optional<String> probe() {
    return proxy.probeServer(Duration.ofSeconds(5)).toCompletableFuture().join();
  }

  /** A client that has read the greeting. */
  public RawClient greet() throws IOException {
    return known(RawClient.greeted(address()));
  }

  /** A client without a certificate, after the TLS handshake. */
  public RawClient encrypt() throws IOException {
    return known(RawClient.encrypted(address(), ClientTls.NONE));
  }

  private RawClient known(RawClient client) {
    clients.add(client);
    return client;
  }

  /** Closes the clients of {@link #greet} and {@link #encrypt}, so that no test waits for them. */
  public void closeClients() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  /**
   * The one line at info about a client, which is waited for; without time, level and peer.
   *
   * @throws AssertionError when there is none, or more
   */
  public String line(RawClient client) throws InterruptedException {
    String peer = "127.0.0.1:" + client.localPort() + ": ";
    Await.until(() -> !lines(peer).isEmpty());
    TimeUnit.MILLISECONDS.sleep(50);
    List<String> lines = lines(peer);
    assertEquals(1, lines.size(), "lines of the log: " + log.lines);
    return lines.get(0).substring(peer.length());
  }

  private List<String> lines(String peer) {
    return log.lines.stream().filter(line -> line.startsWith(peer)).toList();
  }

  /** How many lines at info hold the text. */
  public long linesWith(String text) {
    return log.lines.stream().filter(line -> line.contains(text)).count();
  }

  /** What was logged about connections at info. */
  public List<String> lines() {
    return List.copyOf(log.lines);
  }

  /** What a SIGHUP does. */
  public void reload() {
    reload.run();
  }

  /** What is logged about reloads, good ones and those that failed. */
  public List<String> reloadLines() {
    return List.copyOf(reloadLog.all);
  }

  /** What was logged as a warning or an error. */
  public List<String> complaints() {
    return List.copyOf(log.complaints);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    proxy.close();
    reloader.close();
    log.end();
    reloadLog.end();
  }

  /** What is logged at info and above; complaints go on to the console. */
  private static final class Log extends AppenderBase<ILoggingEvent> {
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    Log(String name) {
      logger = (Logger) LoggerFactory.getLogger(name);
    }

    void begin() {
      setContext(logger.getLoggerContext());
      start();
      logger.setLevel(Level.INFO);
      logger.setAdditive(false);
      logger.addAppender(this);
    }

    void end() {
      logger.detachAppender(this);
      stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
      all.add(event.getFormattedMessage());
      if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        complaints.add(event.getFormattedMessage());
        root.callAppenders(event);
      } else if (event.getLevel() == Level.INFO) {
        lines.add(event.getFormattedMessage());
      }
    }
  }
}
