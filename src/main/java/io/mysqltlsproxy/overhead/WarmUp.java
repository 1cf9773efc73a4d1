package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.auth.LoginException;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;

/**
 * Brings the proxies to where they stay: until a process has compiled its way it costs several
 * times what it costs from then on. Of a login every part runs only once, so it takes thousands of
 * them; and a key is compared with another by processes that have had as many.
 */
final class WarmUp {
  private static final int CLIENTS = 4;

  /** The time of the logins, in runs. */
  private static final int LOGIN_RUNS = 3;

  /** What they are of the progress: they have no warm-up of their own. */
  private static final int LOGIN_STEPS = 2;

  private final Ways ways;
  private final Load queries;
  private final Load logins;

  /**
   * Does nothing yet.
   *
   * @param time of a run that is measured
   */
  WarmUp(EventLoopGroup loops, Account account, Duration time, Ways ways) {
    this.ways = ways;
    this.queries = new Load(loops, account, Duration.ZERO, time);
    this.logins = new Load(loops, account, Duration.ZERO, time.multipliedBy(LOGIN_RUNS));
  }

  /** How many runs take as long. */
  int steps(List<Workload> workloads) {
    int steps = 0;
    for (Workload workload : workloads) {
      steps += ways.ofEachProcess(workload).size() * steps(workload);
    }
    return steps;
  }

  private static int steps(Workload workload) {
    return workload.reconnects() ? LOGIN_STEPS : 1;
  }

  /** Does it, each process in turn. */
  void run(List<Workload> workloads, Progress progress) throws InterruptedException {
    for (Workload workload : workloads) {
      for (Target target : ways.ofEachProcess(workload)) {
        progress.next("warming up, " + target.name(), steps(workload));
        try {
          (workload.reconnects() ? logins : queries).run(target, workload, CLIENTS);
        } catch (LoginException e) {
          // Then it cannot do this in the rounds either, which say so.
        }
      }
    }
  }
}
