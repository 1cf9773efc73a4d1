package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.auth.LoginException;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Runs of load: so many clients do one thing again and again for a while. */
final class Load {
  private static final int TIMEOUT_SECONDS = 30;
  private static final int LOOK_MILLIS = 100;
  private static final Optional<ProcessHandle> OWN = Optional.of(ProcessHandle.current());

  private final EventLoopGroup loops;
  private final Account account;
  private final Duration warmUp;
  private final Duration time;

  /**
   * Loads that share their threads.
   *
   * @param warmUp goes before each run and does not count
   * @param time of each run
   */
  Load(EventLoopGroup loops, Account account, Duration warmUp, Duration time) {
    this.loops = loops;
    this.account = account;
    this.warmUp = warmUp;
    this.time = time;
  }

  /**
   * One client does it once, so that what cannot work is known.
   *
   * @throws LoginException when it cannot
   */
  void tryOut(Target target, Workload workload) throws LoginException, InterruptedException {
    try (Clients one = new Clients(target, workload, 1)) {
      one.logIn();
      one.begin();
      one.end();
    }
  }

  /**
   * So many clients log in, and do nothing until they are closed.
   *
   * @throws LoginException when one of them cannot
   */
  Clients hold(Target target, int clients) throws LoginException, InterruptedException {
    Clients held = new Clients(target, Workload.idle(), clients);
    try {
      held.logIn();
      return held;
    } catch (LoginException | InterruptedException e) {
      held.close();
      throw e;
    }
  }

  /**
   * One run, which goes on until at least one thing was done.
   *
   * @throws LoginException when a client could not do what it should
   */
  Sample run(Target target, Workload workload, int clients)
      throws LoginException, InterruptedException {
    try (Clients all = new Clients(target, workload, clients)) {
      all.logIn();
      all.begin();
      Thread.sleep(warmUp.toMillis());
      long cpuBefore = cpuNanos(target.process());
      long ownCpuBefore = cpuNanos(OWN);
      all.clock.begin();
      Thread.sleep(time.toMillis());
      for (int more = 0; all.clock.count() == 0 && more < TIMEOUT_SECONDS * 100; more++) {
        Thread.sleep(10);
      }
      all.clock.end();
      long cpu = cpuNanos(target.process()) - cpuBefore;
      long ownCpu = cpuNanos(OWN) - ownCpuBefore;
      all.end();
      OptionalLong proxyCpu =
          target.process().isPresent() ? OptionalLong.of(cpu) : OptionalLong.empty();
      return sample(all.clients, all.clock.seconds(), proxyCpu, ownCpu);
    }
  }

  /**
   * So many clients work until they are closed.
   *
   * @throws LoginException when one of them cannot even log in
   */
  Clients start(Target target, Workload workload, int clients)
      throws LoginException, InterruptedException {
    Clients working = new Clients(target, workload, clients);
    try {
      working.logIn();
      working.begin();
      working.clock.begin();
      return working;
    } catch (LoginException | InterruptedException e) {
      working.close();
      throw e;
    }
  }

  /**
   * Clients log in one after another until so many logins are done, the very first included, or the
   * time is up.
   *
   * @param counts of logins, in ascending order
   * @return what the logins up to each count cost; shorter where the time was up before
   * @throws LoginException when a client could not log in
   */
  List<LoginCost> logins(Target target, int clients, List<Integer> counts, Duration atMost)
      throws LoginException, InterruptedException {
    List<LoginCost> costs = new ArrayList<>();
    long cpuBefore = cpuNanos(target.process());
    long begun = System.nanoTime();
    try (Clients all = start(target, Workload.connect(), clients)) {
      for (int count : counts) {
        // Each client has logged in once before it begins to count.
        while (clients + all.clock.count() < count) {
          all.check();
          if (System.nanoTime() - begun > atMost.toNanos()) {
            return costs;
          }
          Thread.sleep(1);
        }
        long done = clients + all.clock.count();
        double cpu = (cpuNanos(target.process()) - cpuBefore) / 1e3 / done;
        costs.add(new LoginCost(count, cpu, (System.nanoTime() - begun) / 1e9));
      }
      all.end();
    }
    return costs;
  }

  /** The clients of one run. */
  final class Clients implements AutoCloseable {
    private final Clock clock = new Clock();
    private final CountDownLatch prepared;
    private final CountDownLatch ended;
    private final List<LoadClient> clients;

    private Clients(Target target, Workload workload, int count) {
      prepared = new CountDownLatch(count);
      ended = new CountDownLatch(count);
      clients =
          IntStream.range(0, count)
              .mapToObj(
                  i ->
                      new LoadClient(
                          loops.next(), target, account, workload, clock, prepared, ended))
              .toList();
    }

    private void logIn() throws LoginException, InterruptedException {
      clients.forEach(LoadClient::prepare);
      await(prepared, "no login");
    }

    private void begin() {
      clients.forEach(LoadClient::begin);
    }

    /** Waits for the last answer of each. */
    private void end() throws LoginException, InterruptedException {
      clock.end();
      await(ended, "no answer");
    }

    private void await(CountDownLatch all, String otherwise)
        throws LoginException, InterruptedException {
      long begun = System.nanoTime();
      while (!all.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        check();
        if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS)) {
          throw new LoginException(otherwise + " within " + TIMEOUT_SECONDS + " s");
        }
      }
      check();
    }

    /** Ends them, and says how many things they did in a second. */
    double perSecond() throws LoginException, InterruptedException {
      end();
      return clock.count() / clock.seconds();
    }

    /** Throws when one of them came to an end before its time. */
    void check() throws LoginException {
      for (LoadClient client : clients) {
        String failure = client.failure();
        if (failure != null) {
          throw new LoginException(failure);
        }
      }
    }

    /** Lets those go that still wait or work. */
    @Override
    public void close() {
      clock.end();
      clients.forEach(LoadClient::release);
    }
  }

  private static Sample sample(
      List<LoadClient> clients, double seconds, OptionalLong proxyCpu, long ownCpu)
      throws LoginException {
    Histogram nanos = new Histogram(3);
    clients.forEach(client -> nanos.add(client.nanos()));
    long count = nanos.getTotalCount();
    if (count == 0) {
      throw new LoginException("not one was done in %.0f s".formatted(seconds));
    }
    return new Sample(
        count / seconds,
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(95) / 1e3,
        nanos.getValueAtPercentile(99) / 1e3,
        proxyCpu.isPresent()
            ? OptionalDouble.of(proxyCpu.getAsLong() / 1e3 / count)
            : OptionalDouble.empty(),
        ownCpu / 1e3 / count);
  }

  private static long cpuNanos(Optional<ProcessHandle> measured) {
    return measured
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos)
        .orElse(0L);
  }
}
