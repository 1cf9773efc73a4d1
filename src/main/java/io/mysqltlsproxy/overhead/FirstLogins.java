package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.overhead.BarChart.Bar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What the first logins of a fresh process cost beside those at rest.
 *
 * @param rounds one fresh process each; none where there is a failure
 * @param failure why there are none
 */
record FirstLogins(String way, List<Round> rounds, Optional<String> failure) {
  static final String TITLE =
      "the first logins of a fresh process, %d clients".formatted(FirstLoginsLoad.CLIENTS);

  /**
   * What one process gave.
   *
   * @param first what the first so many logins cost, and the first so many more
   * @param atRest what logins cost a process that has had thousands
   */
  record Round(List<LoginCost> first, LoginCost atRest) {}

  /** Up to which logins there are figures: {@code 500, 1000, 2000}. */
  List<Integer> counts() {
    int all = rounds.stream().mapToInt(round -> round.first().size()).min().orElse(0);
    return all == 0
        ? List.of()
        : rounds.get(0).first().subList(0, all).stream().map(LoginCost::logins).toList();
  }

  /** CPU time of the process for each of the first so many logins, in microseconds. */
  Estimate cpu(int step) {
    return estimate(round -> round.first().get(step).cpu());
  }

  /** How many times those at rest that is, each process beside those of the same minute. */
  Estimate timesAtRest(int step) {
    return estimate(round -> round.first().get(step).cpu() / round.atRest().cpu());
  }

  /** CPU time of a process for each login at rest, in microseconds. */
  Estimate atRest() {
    return estimate(round -> round.atRest().cpu());
  }

  private Estimate estimate(ToDoubleFunction<Round> figure) {
    return Estimate.of(rounds.stream().map(figure::applyAsDouble).toList());
  }

  static Grid grid(List<FirstLogins> all) {
    List<Integer> counts =
        all.stream()
            .map(FirstLogins::counts)
            .reduce((one, other) -> one.size() >= other.size() ? one : other)
            .orElse(List.of());
    List<String> columns = new ArrayList<>();
    counts.forEach(count -> columns.add(String.format(Locale.ROOT, "first %,d", count)));
    columns.add("at rest");
    return new Grid(
        TITLE + ", CPU time of the proxy for each",
        columns,
        all.stream()
            .map(each -> new Grid.Line(each.way(), each.cells(counts.size()), each.failure()))
            .toList());
  }

  private List<String> cells(int columns) {
    List<String> cells = new ArrayList<>();
    int measured = counts().size();
    for (int step = 0; step < columns; step++) {
      cells.add(step < measured ? words(step) : "");
    }
    cells.add(rounds.isEmpty() ? "" : TextReport.micros(atRest().median()));
    return cells;
  }

  /** {@code 4.9 ms (2.6 ×)}. */
  private String words(int step) {
    return String.format(
        Locale.ROOT,
        "%s (%.1f ×)",
        TextReport.micros(cpu(step).median()),
        timesAtRest(step).median());
  }

  /** The steps of each way, those at rest last. */
  static List<Bar> bars(List<FirstLogins> all, ChartStyle styles) {
    List<Bar> bars = new ArrayList<>();
    for (FirstLogins each : all) {
      String style = styles.classOf(each.way());
      List<Integer> counts = each.counts();
      for (int step = 0; step < counts.size(); step++) {
        String name = String.format(Locale.ROOT, "%s, first %,d", each.way(), counts.get(step));
        bars.add(new Bar(name, each.cpu(step), style, each.words(step)));
      }
      if (!each.rounds().isEmpty()) {
        Estimate rest = each.atRest();
        bars.add(new Bar(each.way() + ", at rest", rest, style, TextReport.micros(rest.median())));
      }
    }
    return bars;
  }

  /** What it comes to; empty where it was not measured. */
  static Optional<String> finding(List<FirstLogins> all) {
    return all.stream()
        .filter(each -> each.way().equals(Ways.PROXY_TLS) && !each.counts().isEmpty())
        .findFirst()
        .map(
            each -> {
              int last = each.counts().size() - 1;
              return String.format(
                  Locale.ROOT,
                  "The first %,d logins of a fresh proxy cost it %s of CPU time each with TLSv1.3,"
                      + " %.1f times what logins cost at rest.",
                  each.counts().get(last),
                  TextReport.micros(each.cpu(last).median()),
                  each.timesAtRest(last).median());
            });
  }
}
