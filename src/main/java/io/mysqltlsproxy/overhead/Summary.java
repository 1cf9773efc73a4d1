package io.mysqltlsproxy.overhead;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The answer before the figures: one sentence for each of what costs something. */
final class Summary {
  private Summary() {}

  /** What was measured of a query and of a connection; empty where neither was. */
  static List<Cost> costs(Report report) {
    return Stream.of(Cost.ofQuery(report), Cost.ofConnection(report, Ways.PROXY_TLS))
        .flatMap(Optional::stream)
        .toList();
  }

  /** What the encryption costs and who pays it once, what the hop costs, and of what query. */
  static List<String> sentences(Report report) {
    List<Cost> costs = costs(report);
    if (costs.isEmpty()) {
      return List.of();
    }
    boolean both = costs.size() == 2;
    String query =
        report.settings().query().isEmpty()
            ? " Measured with the shortest of queries, one row by its key on this machine: others"
                + " pay the same microseconds, which are a smaller share of theirs."
            : "";
    return List.of(
        "Encryption costs "
            + costs.stream().map(Cost::encryptionText).collect(Collectors.joining(" and "))
            + (both ? "; a pool that keeps its connections open pays the latter once." : "."),
        "The way through the proxy costs "
            + costs.stream().map(Cost::hopText).collect(Collectors.joining(" and "))
            + " besides, encrypted or not."
            + query);
  }
}
