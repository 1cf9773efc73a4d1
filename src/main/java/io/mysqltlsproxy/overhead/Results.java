package io.mysqltlsproxy.overhead;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What was measured: of each case one sample a round, or why there is none. */
final class Results {
  private final Map<Scenario, List<Sample>> samples = new LinkedHashMap<>();
  private final Map<Scenario, String> failures = new LinkedHashMap<>();

  /** Cases in the order of the reports. */
  Results(List<Scenario> cases) {
    cases.forEach(each -> samples.put(each, new ArrayList<>()));
  }

  void add(Scenario measured, Sample sample) {
    samples.getOrDefault(measured, new ArrayList<>()).add(sample);
  }

  void failed(Scenario measured, String why) {
    failures.putIfAbsent(measured, why);
  }

  /** What to show, a table for each workload and number of clients. */
  List<Table> tables() {
    Map<String, List<Scenario>> groups = new LinkedHashMap<>();
    for (Scenario each : samples.keySet()) {
      groups
          .computeIfAbsent(each.workload().name() + " " + each.clients(), key -> new ArrayList<>())
          .add(each);
    }
    return groups.values().stream().map(this::table).toList();
  }

  private Table table(List<Scenario> cases) {
    Scenario first = cases.get(0);
    List<Row> rows = cases.stream().map(each -> row(each, first)).toList();
    return new Table(first.workload(), first.clients(), rows);
  }

  private Row row(Scenario shown, Scenario baseline) {
    String failure = failures.get(shown);
    List<Sample> mine = samples.getOrDefault(shown, List.of());
    if (failure != null || mine.isEmpty()) {
      return new Row(
          shown.target().name(),
          Optional.ofNullable(failure).or(() -> Optional.of("not run")),
          Optional.empty());
    }
    List<Sample> theirs = samples.getOrDefault(baseline, List.of());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(mine.size(), theirs.size()); round++) {
      ratios.add(mine.get(round).perSecond() / theirs.get(round).perSecond());
    }
    List<Double> cpu =
        mine.stream()
            .map(Sample::cpu)
            .filter(OptionalDouble::isPresent)
            .map(OptionalDouble::getAsDouble)
            .toList();
    Figures figures =
        new Figures(
            estimate(mine, Sample::perSecond),
            shown.equals(baseline) || ratios.isEmpty()
                ? Optional.empty()
                : Optional.of(Estimate.of(ratios)),
            estimate(mine, Sample::p50),
            estimate(mine, Sample::p95),
            estimate(mine, Sample::p99),
            cpu.isEmpty() ? Optional.empty() : Optional.of(Estimate.of(cpu)),
            estimate(mine, Sample::loadCpu),
            mine.stream().map(Sample::p50).toList());
    return new Row(shown.target().name(), Optional.empty(), Optional.of(figures));
  }

  private static Estimate estimate(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    return Estimate.of(samples.stream().map(figure::applyAsDouble).toList());
  }
}
