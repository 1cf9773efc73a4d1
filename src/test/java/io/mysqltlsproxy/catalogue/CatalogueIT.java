package io.mysqltlsproxy.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.mysqltlsproxy.testing.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Makes every failure of the catalogue with every client that can meet it: what the client prints,
 * the line of the log, the metric. With {@code -Dregenerate=true} it writes docs/failures.md;
 * otherwise the page's failures, lines and metrics must be those that were seen. What clients print
 * is theirs, and differs from version to version.
 */
class CatalogueIT {
  private static final Path PAGE = Path.of("docs", "failures.md");
  private static final int THREADS = 6;
  private static final int LOG_MILLIS = 3000;

  private final Map<Failure, Map<CatalogueClient, Seen>> seen = new ConcurrentHashMap<>();

  @Test
  void everyFailureIsSaidByTheClientInTheLogAndByAMetric() throws Exception {
    Logger connection = (Logger) LoggerFactory.getLogger("connection");
    Level level = connection.getLevel();
    connection.setLevel(Level.DEBUG);
    connection.setAdditive(false);
    try (CatalogueImages images = CatalogueImages.start()) {
      run(images.clients());
    } finally {
      connection.setLevel(level);
      connection.setAdditive(true);
    }
    List<String> wrong = new ArrayList<>();
    for (Failure failure : CatalogueFailures.ALL) {
      seen.getOrDefault(failure, Map.of())
          .forEach(
              (client, what) -> {
                if (!failure.labels().contains(what.metric()) || !what.isComplete()) {
                  wrong.add(failure.name() + " × " + client + ": " + what);
                }
              });
    }
    assertEquals("", String.join("\n", wrong));
    assertTrue(CatalogueFailures.ALL.size() >= 40);
    page();
  }

  private void run(List<CatalogueClient> clients) throws Exception {
    Map<Site, List<Failure>> sites =
        CatalogueFailures.ALL.stream()
            .collect(Collectors.groupingBy(Failure::site, LinkedHashMap::new, Collectors.toList()));
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      sites.forEach(
          (site, failures) ->
              clients.forEach(
                  client -> {
                    List<Failure> met =
                        failures.stream().filter(failure -> failure.isMetBy(client)).toList();
                    if (!met.isEmpty()) {
                      tasks.add(() -> meet(site, met, client));
                    }
                  }));
      for (Future<Void> task : pool.invokeAll(tasks)) {
        task.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private Void meet(Site site, List<Failure> failures, CatalogueClient client) throws Exception {
    try (Opened opened = new Opened()) {
      CatalogueProxy proxy =
          opened.keep(new CatalogueProxy(site.backend().start(opened), site.options()));
      site.holder().hold(opened, proxy);
      for (Failure failure : failures) {
        Map<String, Double> before = proxy.ends();
        int lines = proxy.lines().size();
        String printed = Seen.shortened(client.run(proxy.address().getPort(), failure.attempt()));
        if (!printed.equals("no error")) {
          await(() -> !proxy.grownSince(before).isEmpty() && proxy.lines().size() > lines);
        }
        List<String> now = proxy.lines();
        // Where nothing failed, what closes later is of no interest.
        boolean failed = !printed.equals("no error");
        String log = failed && now.size() > lines ? Seen.shortened(now.get(lines)) : "";
        seen.computeIfAbsent(failure, f -> new ConcurrentHashMap<>())
            .put(client, new Seen(printed, log, proxy.grownSince(before)));
      }
    }
    return null;
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOG_MILLIS);
    while (!condition.call() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private void page() throws IOException {
    String page = CataloguePage.of(seen);
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(PAGE, page);
    }
    Map<String, String> there = CataloguePage.logs(Files.readString(PAGE));
    Map<String, String> expected = new TreeMap<>(there);
    expected.keySet().retainAll(CataloguePage.logs(page).keySet());
    Map<String, String> actual = new TreeMap<>(CataloguePage.logs(page));
    assertEquals(
        String.join("\n", expected.values()),
        String.join("\n", actual.values()),
        PAGE + " differs from what was seen; run with -Dregenerate=true");
  }

  /** Those that were seen, in the order of the clients. */
  static Map<CatalogueClient, Seen> sorted(Map<CatalogueClient, Seen> some) {
    return new EnumMap<>(some);
  }
}
