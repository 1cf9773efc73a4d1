package io.mysqltlsproxy.overhead;

import java.util.List;
import java.util.Optional;

/**
 * What the way through the proxy adds to the time of one query or of one new connection, as a lone
 * client sees it: by the hop, which it would cost without encryption, too, and by the encryption.
 *
 * @param unit what one is: {@code query}, {@code new connection}
 * @param direct the time that it takes without the proxy, in microseconds
 */
record Cost(String unit, double direct, Difference hop, Difference encryption) {

  /** Of a query, where one was measured. */
  static Optional<Cost> ofQuery(Report report) {
    return of(report, false, Ways.PROXY_TLS, "query");
  }

  /**
   * Of a new connection, with its login and one small query.
   *
   * @param way with TLS: that of an RSA key, of another one, or a resumed one
   */
  static Optional<Cost> ofConnection(Report report, String way) {
    return of(report, true, way, "new connection");
  }

  private static Optional<Cost> of(Report report, boolean reconnects, String way, String unit) {
    return report.tables().stream()
        .filter(table -> table.workload().reconnects() == reconnects)
        .filter(table -> table.workload().bytes() == 0)
        .findFirst()
        .flatMap(table -> of(table, way, unit));
  }

  private static Optional<Cost> of(Table table, String way, String unit) {
    List<Optional<List<Double>>> times =
        List.of(
            table.figures(Ways.DIRECT).map(Figures::times),
            table.figures(Ways.PROXY_PLAIN).map(Figures::times),
            table.figures(way).map(Figures::times));
    if (times.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    List<Double> direct = times.get(0).orElseThrow();
    List<Double> plain = times.get(1).orElseThrow();
    return Optional.of(
        new Cost(
            unit,
            Estimate.of(direct).median(),
            Difference.between(direct, plain),
            Difference.between(plain, times.get(2).orElseThrow())));
  }

  /** All of it that can be told, in microseconds. */
  double total() {
    return direct + hop.counted() + encryption.counted();
  }

  /** All of it, with what the noise may hide. */
  double atMost() {
    return direct + hop.atMost() + encryption.atMost();
  }

  /** {@code 86 µs}, or {@code 80 µs to 91 µs} where the noise may hide some of it. */
  String totalText() {
    String least = TextReport.micros(total());
    return atMost() > total() ? least + " to " + TextReport.micros(atMost()) : least;
  }

  /** {@code 6 µs (13 %) per query}: the share is of the time without the proxy. */
  String encryptionText() {
    return "%s per %s".formatted(encryption.text(direct), unit);
  }

  /** The same of the hop. */
  String hopText() {
    return "%s per %s".formatted(hop.text(direct), unit);
  }
}
