package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The proxy with its usual options on a free port of 127.0.0.1, and what it logs. */
final class TestProxy implements AutoCloseable {
  private final Proxy proxy;
  private final ServerTls tls;
  private final Log log = new Log();
  private boolean closed;

  private TestProxy(Proxy proxy, ServerTls tls) {
    this.proxy = proxy;
    this.tls = tls;
    log.begin();
  }

  /** In front of a port of 127.0.0.1. */
  static TestProxy before(int port, String... options) throws IOException {
    return beforeBackend("127.0.0.1:" + port, options);
  }

  /**
   * In front of any server.
   *
   * @param options more, or other ones: {@code require=X509}
   */
  static TestProxy beforeBackend(String backend, String... options) throws IOException {
    try {
      OptionValues values = OptionSources.read(flags(backend, options), Map.of(), Path.of("none"));
      ServerTls tls = ServerTls.load(values);
      ConnectionSettings settings =
          new ConnectionSettings(
              values.get(Options.BACKEND),
              tls,
              Rules.from(values),
              values.get(Options.CONNECT_TIMEOUT));
      return new TestProxy(
          Proxy.start(settings, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), tls);
    } catch (OptionException e) {
      throw new AssertionError(e);
    }
  }

  /** The options by which a proxy process would do the same. */
  static Map<String, String> flags(String backend, String... options) {
    Map<String, String> flags = new HashMap<>();
    flags.put("backend", backend);
    flags.put("ssl-cert", Certificates.DIRECTORY.resolve("server-cert.pem").toString());
    flags.put("ssl-key", Certificates.DIRECTORY.resolve("server-key.pem").toString());
    flags.put("ssl-ca", Certificates.DIRECTORY.resolve("ca-cert.pem").toString());
    for (String option : options) {
      int equals = option.indexOf('=');
      flags.put(option.substring(0, equals), option.substring(equals + 1));
    }
    return flags;
  }

  InetSocketAddress address() {
    return proxy.address();
  }

  /** How many clients are connected. */
  int connections() {
    return proxy.connections();
  }

  /** A client that has read the greeting. */
  RawClient greet() throws IOException {
    return RawClient.greeted(address());
  }

  /** A client without a certificate, after the TLS handshake. */
  RawClient encrypt() throws IOException {
    return RawClient.encrypted(address(), Certificates.NONE);
  }

  /**
   * The one line at info about a client, which is waited for; without time, level and peer.
   *
   * @throws AssertionError when there is none, or more
   */
  String line(RawClient client) throws InterruptedException {
    String peer = "127.0.0.1:" + client.localPort() + ": ";
    for (int i = 0; i < 500 && lines(peer).isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    TimeUnit.MILLISECONDS.sleep(50);
    List<String> lines = lines(peer);
    assertEquals(1, lines.size(), "lines of the log: " + log.lines);
    return lines.get(0).substring(peer.length());
  }

  private List<String> lines(String peer) {
    return log.lines.stream().filter(line -> line.startsWith(peer)).toList();
  }

  /** What was logged as a warning or an error. */
  List<String> complaints() {
    return List.copyOf(log.complaints);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    proxy.close();
    tls.close();
    log.end();
  }

  /** What the connections log at info and above. */
  private static final class Log extends AppenderBase<ILoggingEvent> {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("connection");

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
      if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        complaints.add(event.getFormattedMessage());
      } else if (event.getLevel() == Level.INFO) {
        lines.add(event.getFormattedMessage());
      }
    }
  }
}
