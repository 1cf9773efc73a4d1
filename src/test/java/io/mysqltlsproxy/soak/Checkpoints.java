package io.mysqltlsproxy.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Now and then all clients leave, and what the proxies then take is compared. */
final class Checkpoints {
  private static final long REST_MILLIS = Duration.ofSeconds(100).toMillis();
  private static final long DRAIN_NANOS = Duration.ofSeconds(60).toNanos();

  private final List<Site> sites;
  private final Ledger ledger;
  private final Pause pause;
  private final List<String> lines = new ArrayList<>();
  private final Map<Site, Figures> bases = new HashMap<>();

  Checkpoints(List<Site> sites, Ledger ledger, Pause pause) {
    this.sites = sites;
    this.ledger = ledger;
    this.pause = pause;
  }

  /**
   * Has everybody rest, and looks.
   *
   * @param minute of the run
   * @param base whether growth is counted from here on; afterwards from the first such one of each
   *     process
   */
  void check(long minute, boolean base) throws IOException, InterruptedException {
    if (!pause.begin(REST_MILLIS)) {
      ledger.violated("minute " + minute + ": somebody does not come to rest");
    }
    try {
      for (Site site : sites) {
        awaitNobody(site);
        Figures figures = Figures.of(site.proxy());
        lines.add(
            "| "
                + minute
                + " | "
                + site
                + " | "
                + figures.toString().replace("process ", "")
                + " |");
        compare(site, figures, minute, base);
      }
    } finally {
      pause.end();
    }
  }

  private void compare(Site site, Figures figures, long minute, boolean base) {
    Optional<Figures> before =
        Optional.ofNullable(bases.get(site)).filter(each -> each.start() == figures.start());
    if (before.isPresent()) {
      for (String growth : figures.growthSince(before.get())) {
        ledger.violated(site + ", minute " + minute + ": " + growth);
      }
    } else if (base) {
      bases.put(site, figures);
    }
  }

  private void awaitNobody(Site site) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      double open =
          site.proxy().metric("mysql_tls_proxy_connections_open")
              + site.proxy().metric("mysql_tls_proxy_server_connections_ungreeted");
      int atServer = site.connectionsAtServer();
      if (open == 0 && atServer == 0) {
        return;
      }
      if (System.nanoTime() - begun > DRAIN_NANOS) {
        ledger.violated(
            site
                + ": nobody is there, and "
                + open
                + " connections are open, "
                + atServer
                + " at the server");
        return;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** A table of what was seen. */
  List<String> table() {
    List<String> table = new ArrayList<>();
    table.add(
        "| minute | site | process | heap | buffers | direct | resident | open files | threads |");
    table.add("|---|---|---|---|---|---|---|---|---|");
    table.addAll(lines);
    return table;
  }
}
