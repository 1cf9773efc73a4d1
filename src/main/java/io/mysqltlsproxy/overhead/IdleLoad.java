package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.auth.LoginException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Measures what connections cost that only wait: so many more at a time, and after each lot, when
 * it has come to rest, what the process has resident.
 */
final class IdleLoad {
  private static final int LOTS = 4;
  private static final int WARM_UP_CLIENTS = 8;
  private static final Duration REST = Duration.ofSeconds(2);

  /** Beyond the time after which the proxy's JVM gives memory back that the C library holds. */
  private static final Duration LONG_REST = Duration.ofSeconds(7);

  private final Load load;

  IdleLoad(Load load) {
    this.load = load;
  }

  /** Whether there is a process to look at, and a system that says what it has resident. */
  static boolean measures(Target target) {
    return target.process().isPresent() && Files.isReadable(status(target.process().get()));
  }

  /**
   * Measures one way. Logins one after another go before, so that what the process needs for any
   * login at all is not counted as a connection's.
   *
   * @param connections how many in the end
   */
  IdleMemory measure(Target target, int connections) throws InterruptedException {
    ProcessHandle process = target.process().orElseThrow();
    List<IdleMemory.Point> points = new ArrayList<>();
    Deque<Load.Clients> held = new ArrayDeque<>();
    try {
      load.run(target, Workload.connect(), WARM_UP_CLIENTS);
      points.add(rest(LONG_REST, process, 0));
      int open = 0;
      for (int lot = 1; lot <= LOTS; lot++) {
        int upTo = connections * lot / LOTS;
        held.push(load.hold(target, upTo - open));
        open = upTo;
        points.add(rest(lot == LOTS ? LONG_REST : REST, process, open));
      }
      for (Load.Clients clients : held) {
        clients.check();
      }
      return new IdleMemory(target.name(), points, Optional.empty());
    } catch (LoginException | IOException e) {
      return new IdleMemory(target.name(), points, Optional.of(String.valueOf(e.getMessage())));
    } finally {
      held.forEach(Load.Clients::close);
      Thread.sleep(REST.toMillis());
    }
  }

  private static IdleMemory.Point rest(Duration time, ProcessHandle process, int connections)
      throws InterruptedException, IOException {
    Thread.sleep(time.toMillis());
    return new IdleMemory.Point(connections, residentBytes(process));
  }

  /** {@code VmRSS} of <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>. */
  private static long residentBytes(ProcessHandle process) throws IOException {
    try (Stream<String> lines = Files.lines(status(process))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElseThrow(() -> new IOException("process " + process.pid() + " has ended"));
    }
  }

  private static Path status(ProcessHandle process) {
    return Path.of("/proc", String.valueOf(process.pid()), "status");
  }
}
