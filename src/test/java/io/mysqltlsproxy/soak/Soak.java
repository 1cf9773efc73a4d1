package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.testing.JdbcDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs sites, actors and mischief for a time. From the tenth minute on, all proxies but the last go
 * on without a restart, and must not grow.
 */
final class Soak implements AutoCloseable {
  private static final Duration GROWTH_FROM = Duration.ofMinutes(10);
  private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMinutes(4);

  private final Duration duration;
  private final Ledger ledger = new Ledger();
  private final Deck deck = new Deck();
  private final Pause pause = new Pause();
  private final List<Site> sites = new ArrayList<>();
  private final List<Actor> actors = new ArrayList<>();
  private final Checkpoints checkpoints = new Checkpoints(sites, ledger, pause);
  private long begun;

  Soak(Duration duration, Path directory) throws IOException {
    this.duration = duration;
    try {
      for (Vintage vintage : Vintage.values()) {
        sites.add(new Site(vintage, directory.resolve(vintage.name())));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Runs to the end, and says what was wrong. */
  List<String> run() throws IOException, InterruptedException {
    begun = System.nanoTime();
    for (Site site : sites) {
      for (JdbcDriver driver : site.vintage().drivers()) {
        actors.add(new JdbcActor(driver, site, ledger, pause));
      }
      actors.add(new SlowReader(site, ledger, pause));
      actors.add(new ShortSessions(site, ledger, pause));
      actors.add(new Intruder(site, ledger, pause));
      boolean restarts = site.vintage() == Vintage.MYSQL_9_7;
      new Mischief(
              site,
              ledger,
              deck,
              pause,
              kind ->
                  kind != FaultKind.PROXY_RESTARTED
                      || restarts
                      || elapsed().compareTo(GROWTH_FROM) < 0)
          .start();
    }
    actors.forEach(Actor::start);
    long checkpointAt = 0;
    while (elapsed().compareTo(duration) < 0 || !deck.isThrough()) {
      TimeUnit.SECONDS.sleep(5);
      actors.forEach(Actor::checkProgress);
      System.out.println(progress());
      boolean growing = elapsed().compareTo(GROWTH_FROM) >= 0;
      if (elapsed().toSeconds() - checkpointAt > BETWEEN_CHECKPOINTS.toSeconds()) {
        checkpoints.check(elapsed().toMinutes(), growing);
        checkpointAt = elapsed().toSeconds();
      }
    }
    checkpoints.check(elapsed().toMinutes(), false);
    pause.endForAll();
    for (Site site : sites) {
      for (String unwanted : List.of("unexpected failure", "LEAK", "Exception", "OutOfMemory")) {
        long lines = site.proxy().linesWith(unwanted);
        if (lines > 0) {
          ledger.violated(site + ": " + lines + " lines of the log say " + unwanted);
        }
      }
    }
    return ledger.violations();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private String progress() {
    return "OUT soak: "
        + elapsed().toSeconds()
        + " of "
        + duration.toSeconds()
        + " s, faults "
        + ledger.faults().values().stream().mapToLong(Long::longValue).sum()
        + ", "
        + ledger.done()
        + ", errors "
        + ledger.errors().values().stream().mapToLong(Long::longValue).sum()
        + ", violations "
        + ledger.violations().size();
  }

  /** Writes what was seen, in Markdown. */
  void report(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Soak: " + elapsed().toSeconds() + " s");
    lines.add("");
    lines.add("## Violations");
    lines.add("");
    ledger.violations().forEach(each -> lines.add("* " + each));
    lines.add("");
    lines.add("## Faults injected");
    lines.add("");
    ledger.faults().forEach((kind, count) -> lines.add("* " + kind + ": " + count));
    lines.add("");
    lines.add("## Done");
    lines.add("");
    ledger.done().forEach((what, count) -> lines.add("* " + what + ": " + count));
    long bytes = sites.stream().mapToLong(site -> site.relays().get(0).bytes()).sum();
    lines.add("* bytes between clients and proxies: " + bytes);
    lines.add("");
    lines.add("## Errors that faults explain");
    lines.add("");
    ledger.errors().forEach((what, count) -> lines.add("* " + what + ": " + count));
    lines.add("");
    lines.add("## Figures while nobody is connected");
    lines.add("");
    lines.addAll(checkpoints.table());
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, lines);
  }

  @Override
  public void close() throws IOException {
    pause.endForAll();
    for (Site site : sites) {
      site.close();
    }
  }
}
