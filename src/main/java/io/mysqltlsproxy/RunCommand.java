package io.mysqltlsproxy;

import io.mysqltlsproxy.admin.AdminPort;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.connection.ConnectionEvents;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.log.Logging;
import io.mysqltlsproxy.log.ProgramOutput;
import io.mysqltlsproxy.metrics.ContainerMemory;
import io.mysqltlsproxy.net.Entrance;
import io.mysqltlsproxy.net.Handover;
import io.mysqltlsproxy.net.ServiceManager;
import io.mysqltlsproxy.net.SocketEntrance;
import io.mysqltlsproxy.net.Takeover;
import io.mysqltlsproxy.net.TcpEntrance;
import io.mysqltlsproxy.option.ConnectOptions;
import io.mysqltlsproxy.option.ListenAddress;
import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.option.ProcessUser;
import io.mysqltlsproxy.reload.PolicySummary;
import io.mysqltlsproxy.reload.Reloader;
import io.mysqltlsproxy.text.Phrases;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code run}: the proxy, in the foreground, until a signal ends it. */
final class RunCommand {
  static final String NAME = "run";

  private static final Logger log = LoggerFactory.getLogger("run");
  private static final int DONE = 0;
  private static final int COULD_NOT_START = 1;

  /** So that a warning about the server comes before the line that the proxy is ready. */
  private static final Duration FIRST_ANSWER = Duration.ofMillis(500);

  private RunCommand() {}

  /**
   * Runs the proxy.
   *
   * @param out gets the line that begins {@code ready:}
   * @return the exit status: 0 when a signal has ended it
   */
  static int run(OptionValues values, PrintStream out, PrintStream err) throws OptionException {
    Logging.setLevel(values.get(Options.LOG_LEVEL));
    Logging.setFormat(values.get(Options.LOG_FORMAT));
    ProgramOutput output =
        new ProgramOutput(Main.PROGRAM, values.get(Options.LOG_FORMAT), out, err);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> log.error("unexpected failure of {}", thread.getName(), failure));
    PluginExchanges plugins = PluginExchanges.load(values);
    Reloader reloader = Reloader.load(values);
    Optional<AdminPort> admin = AdminPort.from(values, Version.number(), reloader.get().engine());
    ConnectionSettings settings =
        ConnectionSettings.from(
            values, plugins, reloader, admin.map(AdminPort::events).orElse(ConnectionEvents.NONE));
    settings.limits().problem().ifPresent(log::warn);
    Optional<Path> socket = socket(values);
    Optional<Takeover> predecessor =
        values.get(Options.TAKEOVER) ? Takeover.from(ListenAddress.of(values)) : Optional.empty();
    Entrance entrance =
        socket.isPresent()
            ? new SocketEntrance(socket.get(), !settings.socketUsers().everyone())
            : new TcpEntrance(ListenAddress.of(values), predecessor);
    try (reloader;
        ServiceManager manager = ServiceManager.at(System.getenv("NOTIFY_SOCKET"));
        Proxy proxy = Proxy.start(settings, entrance)) {
      if (admin.isPresent()) {
        log.info(
            "admin port: {}",
            ListenAddress.shown(admin.get().open(proxy, settings, reloader, predecessor)));
      }
      CountDownLatch ended = new CountDownLatch(1);
      Signals.handle("TERM", ended::countDown);
      Signals.handle("INT", ended::countDown);
      Runnable reload = reloader.watch(proxy.live(), manager::ready);
      Signals.handle(
          "HUP",
          () -> {
            manager.reloading();
            reload.run();
          });
      Signals.handle("USR2", Successor.starter());
      ContainerMemory.problem().ifPresent(log::warn);
      log.info(PolicySummary.of(values, reloader.get()));
      proxy.watchServer(FIRST_ANSWER);
      proxy.accept();
      admin.ifPresent(AdminPort::ready);
      predecessor.ifPresent(Takeover::complete);
      AtomicReference<@Nullable Integer> taken = new AtomicReference<>();
      Handover offer =
          proxy.offer(
              pid -> {
                log.info("process {} takes over", pid);
                taken.set(pid);
                ended.countDown();
              });
      Logging.flush();
      output.ready(
          "ready: clients connect to %s; the server is %s; TLS by %s"
              .formatted(proxy.shownAddress(), settings.backend(), reloader.get().engine()));
      manager.ready();
      ended.await();
      Integer successor = taken.get();
      if (successor == null) {
        manager.stopping();
      } else {
        manager.handedOver(successor);
      }
      offer.close();
      drain(proxy, values.get(Options.DRAIN_TIMEOUT));
      return DONE;
    } catch (AdminPort.Unusable e) {
      output.failed(String.valueOf(e.getMessage()));
    } catch (BindException e) {
      output.failed(cannotListen(values, String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      admin.ifPresent(AdminPort::close);
    }
    return COULD_NOT_START;
  }

  /** The Unix socket to listen on, if it is one. */
  private static Optional<Path> socket(OptionValues values) throws OptionException {
    Optional<Path> socket =
        values.has(ConnectOptions.SOCKET) ? values.get(ConnectOptions.SOCKET) : Optional.empty();
    if (socket.isPresent() && values.get(Options.TAKEOVER)) {
      throw values.wrong(
          Options.TAKEOVER,
          "a Unix socket cannot be taken over",
          "leave it out, or use bind-address and port");
    }
    return socket;
  }

  private static String cannotListen(OptionValues values, String why) {
    if (values.has(ConnectOptions.SOCKET) && values.get(ConnectOptions.SOCKET).isPresent()) {
      String hint =
          why.contains("hard links")
              ? "choose a path on a file system that has them, such as ext4 or tmpfs"
              : "choose another path, in a directory that "
                  + ProcessUser.described()
                  + " may write to";
      return String.valueOf(values.wrong(ConnectOptions.SOCKET, why, hint).getMessage());
    }
    Option<?> option = why.contains("assign") ? Options.BIND_ADDRESS : Options.PORT;
    return String.valueOf(
        values.wrong(option, why, ListenAddress.hint(why, values.get(Options.PORT))).getMessage());
  }

  /** Waits for the clients to leave; a second signal, or the end of the time, closes them. */
  private static void drain(Proxy proxy, Duration timeout) throws InterruptedException {
    Thread waiting = Thread.currentThread();
    Signals.handle("TERM", waiting::interrupt);
    Signals.handle("INT", waiting::interrupt);
    log.info(
        "shutting down: accepting no new clients, waiting up to {} s for {} to disconnect; a second"
            + " signal closes them at once",
        timeout.toSeconds(),
        Phrases.count(proxy.connections(), "client"));
    boolean left;
    try {
      left = proxy.drain(timeout);
    } catch (InterruptedException secondSignal) {
      left = false;
    }
    if (!left) {
      log.warn("ending: closing {}", Phrases.count(proxy.connections(), "client"));
    }
  }
}
