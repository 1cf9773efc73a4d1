package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.auth.LoginException;
import io.mysqltlsproxy.net.Transports;
import io.mysqltlsproxy.text.Phrases;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Measures what encryption costs: every workload on every way to the server, round after round,
 * each round in another order, so that what the machine does besides falls on all alike.
 */
public final class Overhead {
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** How many runs take as long as looking at one way's idle connections. */
  private static final int IDLE_STEPS = 12;

  private final Settings settings;
  private final Progress progress;

  public Overhead(Settings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param directory an empty one, for the files of the proxies that are measured
   * @param mainClass of the program, which is started as a proxy
   * @throws IOException when a way does not lead to the server, naming it
   */
  public Report measure(Path directory, String mainClass) throws IOException, InterruptedException {
    EventLoopGroup loops = Transports.best().newGroup(Runtime.getRuntime().availableProcessors());
    try (Ways ways = Ways.open(settings, directory, mainClass)) {
      Load load =
          new Load(loops, settings.account(), settings.time().dividedBy(5), settings.time());
      List<Scenario> cases = cases(ways);
      List<Target> held = held(ways);
      List<Target> stormed = stormed(ways);
      FirstLoginsLoad firstLogins = new FirstLoginsLoad(load, ways, settings);
      WarmUp warmUp = new WarmUp(loops, settings.account(), settings.time(), ways);
      tryOut(load, ways, cases, held.isEmpty() ? 0 : settings.idle());
      progress.begin(
          held.size() * IDLE_STEPS
              + warmUp.steps(warmedUp())
              + cases.size() * settings.rounds()
              + StormLoad.steps(stormed.size(), settings.rounds())
              + firstLogins.steps());
      // First, because a process keeps memory that it has once had.
      List<IdleMemory> memory = idle(load, held);
      warmUp.run(warmedUp(), progress);
      Results results = new Results(cases);
      run(load, cases, results);
      List<LoginStorm> storms = storms(stormed);
      List<FirstLogins> first = firstLogins.measure(progress);
      progress.end();
      return new Report(Machine.here(), settings, results.tables(), memory, storms, first);
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private List<Scenario> cases(Ways ways) {
    List<Scenario> cases = new ArrayList<>();
    for (Workload workload : workloads()) {
      for (int clients : settings.clients()) {
        ways.of(workload).forEach(way -> cases.add(new Scenario(way, workload, clients)));
      }
    }
    return cases;
  }

  private List<Workload> workloads() {
    List<Workload> workloads = new ArrayList<>();
    workloads.add(settings.query().map(Workload::query).orElseGet(Workload::pointSelect));
    if (settings.scope() == Scope.SCALING) {
      return workloads;
    }
    workloads.add(Workload.bulkRead());
    if (settings.scope() == Scope.WHOLE) {
      workloads.add(Workload.bulkWrite());
    }
    workloads.add(Workload.connect());
    return workloads;
  }

  /** What runs other code than the rest, and is not yet compiled when its turn comes. */
  private List<Workload> warmedUp() {
    List<Workload> all = workloads();
    return all.stream().filter(each -> each.equals(all.get(0)) || each.reconnects()).toList();
  }

  /** Those whose idle connections are looked at. */
  private List<Target> held(Ways ways) {
    return settings.idle() == 0
        ? List.of()
        : ways.ofEachProcess(Workload.idle()).stream().filter(IdleLoad::measures).toList();
  }

  /** Those on which clients query while others log in. */
  private List<Target> stormed(Ways ways) {
    return switch (settings.scope()) {
      case WHOLE -> ways.ofEachAddress(Workload.connect());
      case QUICK -> ways.ofEachAddress(workloads().get(0));
      case SCALING -> List.of();
    };
  }

  private List<LoginStorm> storms(List<Target> targets) throws InterruptedException {
    try (StormLoad load = new StormLoad(settings.account(), settings.time(), workloads().get(0))) {
      return load.measure(targets, settings.rounds(), progress);
    }
  }

  /** What cannot work is to be known before the long work begins. */
  private void tryOut(Load load, Ways ways, List<Scenario> cases, int idle)
      throws IOException, InterruptedException {
    for (Target way : ways.all()) {
      tryOut(load, new Scenario(way, Workload.connect(), 1));
    }
    Target direct = ways.all().get(0);
    int most = Math.max(idle, Collections.max(settings.clients()));
    try (Load.Clients all = load.hold(direct, most)) {
      all.check();
    } catch (LoginException e) {
      String why = String.valueOf(e.getMessage());
      throw new IOException(
          "%s: %s: %s; %sgive fewer --clients and --idle"
              .formatted(direct.name(), Phrases.count(most, "client"), why, raise(why)));
    }
    for (Scenario each : cases) {
      if (each.target().equals(direct) && each.clients() == settings.clients().get(0)) {
        tryOut(load, new Scenario(direct, each.workload(), 1));
      }
    }
  }

  /** What to raise on a server that is full; empty where it failed for another reason. */
  private static String raise(String failure) {
    if (failure.startsWith("ERROR 1040 ")) {
      return "raise the server's max_connections, or ";
    }
    return failure.startsWith("ERROR 1203 ") ? "raise the server's max_user_connections, or " : "";
  }

  private static void tryOut(Load load, Scenario each) throws IOException, InterruptedException {
    try {
      load.tryOut(each.target(), each.workload());
    } catch (LoginException e) {
      String hint =
          each.workload().preparation().isEmpty()
              ? ""
              : "; give --database where the user may CREATE TEMPORARY TABLES, or a --query";
      throw new IOException(
          each.target().name() + ": " + each.workload().name() + ": " + e.getMessage() + hint);
    }
  }

  private List<IdleMemory> idle(Load load, List<Target> targets) throws InterruptedException {
    IdleLoad idle = new IdleLoad(load);
    List<IdleMemory> memory = new ArrayList<>();
    for (Target target : targets) {
      progress.next("memory of idle connections, " + target.name(), IDLE_STEPS);
      memory.add(idle.measure(target, settings.idle()));
    }
    return memory;
  }

  private void run(Load load, List<Scenario> cases, Results results) throws InterruptedException {
    Random random = new Random();
    for (int round = 1; round <= settings.rounds(); round++) {
      List<Scenario> order = new ArrayList<>(cases);
      Collections.shuffle(order, random);
      for (Scenario each : order) {
        progress.next(
            "round %d of %d: %s, %s, %d at a time"
                .formatted(
                    round,
                    settings.rounds(),
                    each.workload().name(),
                    each.target().name(),
                    each.clients()));
        try {
          results.add(each, load.run(each.target(), each.workload(), each.clients()));
        } catch (LoginException e) {
          results.failed(each, String.valueOf(e.getMessage()));
        }
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }
}
