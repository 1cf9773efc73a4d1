package io.mysqltlsproxy;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.ServerTls;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code run}: the proxy, in the foreground, until a signal ends it. */
final class RunCommand {
  private static final Logger log = LoggerFactory.getLogger("run");
  private static final int DONE = 0;
  private static final int COULD_NOT_START = 1;

  private RunCommand() {}

  /**
   * Runs the proxy.
   *
   * @param out gets the line that begins {@code ready:}
   * @return the exit status, where the proxy could not start; otherwise a signal ends the process,
   *     with status 0
   */
  static int run(OptionValues values, PrintStream out, PrintStream err) throws OptionException {
    Logging.setLevel(values.get(Options.LOG_LEVEL));
    Rules rules = Rules.from(values);
    ServerTls tls = ServerTls.load(values);
    ConnectionSettings settings =
        new ConnectionSettings(
            values.get(Options.BACKEND), tls, rules, values.get(Options.CONNECT_TIMEOUT));
    Proxy proxy;
    try {
      proxy = Proxy.start(settings, address(values));
    } catch (IOException e) {
      String cure = "choose another address or port, or end what listens there";
      err.println(
          Main.PROGRAM
              + ": "
              + values.wrong(Options.PORT, String.valueOf(e.getMessage()), cure).getMessage());
      return COULD_NOT_START;
    }
    endBySignal(proxy, tls, values.get(Options.DRAIN_TIMEOUT));
    out.printf(
        "ready: clients connect to %s:%d; the server is %s; TLS by %s%n",
        proxy.address().getHostString(),
        proxy.address().getPort(),
        settings.backend(),
        tls.engine());
    waitForSignal();
    return DONE;
  }

  private static InetSocketAddress address(OptionValues values) throws OptionException {
    String host = values.get(Options.BIND_ADDRESS);
    int port = values.get(Options.PORT);
    InetSocketAddress address =
        host.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw values.wrong(
          Options.BIND_ADDRESS, "no such host", "give an address of this machine, or *");
    }
    return address;
  }

  private static void endBySignal(Proxy proxy, ServerTls tls, Duration drainTimeout) {
    Runnable end =
        () -> {
          log.info(
              "ending: no new clients; waiting up to {} s for {} connections to end",
              drainTimeout.toSeconds(),
              proxy.connections());
          try {
            if (!proxy.drain(drainTimeout)) {
              log.warn("ending: closing {} connections", proxy.connections());
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          proxy.close();
          tls.close();
          log.info("ended");
          Runtime.getRuntime().halt(DONE);
        };
    Runtime.getRuntime().addShutdownHook(new Thread(end, "end"));
  }

  private static void waitForSignal() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
