package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.overhead.BarChart.Bar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How long queries take on one way while other clients log in without end.
 *
 * @param rounds one each; none where there is a failure
 * @param failure why there are none
 */
record LoginStorm(String way, List<Round> rounds, Optional<String> failure) {
  static final String TITLE =
      "%d clients query while %d others log in without end"
          .formatted(StormLoad.QUERYING, StormLoad.LOGGING_IN);

  /**
   * What one round gave.
   *
   * @param alone the queries while nobody logs in
   * @param beside the queries while others do
   * @param logins of those others in a second
   */
  record Round(Sample alone, Sample beside, double logins) {}

  /** One figure over the rounds; empty where there are none. */
  Optional<Estimate> estimate(ToDoubleFunction<Round> figure) {
    return rounds.isEmpty()
        ? Optional.empty()
        : Optional.of(Estimate.of(rounds.stream().map(figure::applyAsDouble).toList()));
  }

  /** How long 99 % of the queries took at most while others logged in, in microseconds. */
  Optional<Estimate> p99() {
    return estimate(round -> round.beside().p99());
  }

  /** The same while nobody did. */
  Optional<Estimate> p99Alone() {
    return estimate(round -> round.alone().p99());
  }

  static Grid grid(List<LoginStorm> storms) {
    return new Grid(
        TITLE,
        List.of("p99, no logins", "p99", "p50", "queries/s", "logins/s"),
        storms.stream()
            .map(storm -> new Grid.Line(storm.way(), storm.cells(), storm.failure()))
            .toList());
  }

  private List<String> cells() {
    return List.of(
        micros(p99Alone()),
        micros(p99()),
        micros(estimate(round -> round.beside().p50())),
        rate(estimate(round -> round.beside().perSecond())),
        rate(estimate(Round::logins)));
  }

  /** The waits of each way, with logins and without. */
  static List<Bar> bars(List<LoginStorm> storms, ChartStyle styles) {
    List<Bar> bars = new ArrayList<>();
    for (LoginStorm storm : storms) {
      String style = styles.classOf(storm.way());
      storm
          .p99()
          .ifPresent(p99 -> bars.add(new Bar(storm.way(), p99, style, micros(Optional.of(p99)))));
    }
    return bars;
  }

  /** What it comes to; empty where it was not measured. */
  static Optional<String> finding(List<LoginStorm> storms) {
    return storms.stream()
        .filter(storm -> storm.way().equals(Ways.PROXY_TLS))
        .filter(storm -> !storm.rounds().isEmpty())
        .findFirst()
        .map(
            storm ->
                "While %d clients log in without end, 99 %% of the queries of %d others through the"
                        .formatted(StormLoad.LOGGING_IN, StormLoad.QUERYING)
                    + " proxy with TLSv1.3 take up to %s; %s while nobody logs in."
                        .formatted(micros(storm.p99()), micros(storm.p99Alone())));
  }

  private static String micros(Optional<Estimate> time) {
    return time.map(each -> TextReport.micros(each.median())).orElse("");
  }

  private static String rate(Optional<Estimate> rate) {
    return rate.map(each -> String.format(Locale.ROOT, "%,.0f", each.median())).orElse("");
  }
}
