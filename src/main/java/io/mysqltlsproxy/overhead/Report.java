package io.mysqltlsproxy.overhead;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The measurements, for the reports.
 *
 * @param storms how long queries take while others log in; none where it was not measured
 * @param firstLogins what the first logins of a process cost; none where it was not measured
 */
public record Report(
    Machine machine,
    Settings settings,
    List<Table> tables,
    List<IdleMemory> memory,
    List<LoginStorm> storms,
    List<FirstLogins> firstLogins) {

  /** Whether a way could not do what it should. */
  public boolean hasFailures() {
    return tables.stream().flatMap(table -> table.rows().stream()).anyMatch(Row::hasFailed)
        || memory.stream().anyMatch(each -> each.failure().isPresent())
        || storms.stream().anyMatch(each -> each.failure().isPresent())
        || firstLogins.stream().anyMatch(each -> each.failure().isPresent());
  }

  /** What was measured besides the tables, in words. */
  List<Grid> grids() {
    List<Grid> grids = new ArrayList<>();
    if (!storms.isEmpty()) {
      grids.add(LoginStorm.grid(storms));
    }
    if (!firstLogins.isEmpty()) {
      grids.add(FirstLogins.grid(firstLogins));
    }
    return grids;
  }

  /** What it comes to, a sentence each, the answer first. */
  List<String> findings() {
    List<String> findings = new ArrayList<>(Summary.sentences(this));
    findings.addAll(details());
    return findings;
  }

  /** What is behind the answer, a sentence each. */
  List<String> details() {
    List<String> findings = new ArrayList<>();
    for (Table table : tables) {
      Optional<Figures> tls = table.figures(Ways.PROXY_TLS);
      Optional<Estimate> encrypted = tls.flatMap(Figures::cpu);
      Optional<Estimate> plain = table.figures(Ways.PROXY_PLAIN).flatMap(Figures::cpu);
      if (tls.isPresent() && encrypted.isPresent() && plain.isPresent()) {
        findings.add(finding(table, tls.get(), encrypted.get(), plain.get()));
      }
    }
    LoginStorm.finding(storms).ifPresent(findings::add);
    FirstLogins.finding(firstLogins).ifPresent(findings::add);
    if (settings.idle() > 0 && memory.isEmpty()) {
      findings.add("No memory of idle connections was measured: this system has no /proc.");
    }
    return findings;
  }

  private static String finding(Table table, Figures tls, Estimate encrypted, Estimate plain) {
    Workload workload = table.workload();
    String ratio =
        tls.isNoise()
            ? "the rate cannot be told from the direct one"
            : tls.ratio()
                .map(each -> "%.0f %% of the direct rate".formatted(100 * each.median()))
                .orElse("");
    boolean told = encrypted.low() > plain.high();
    String share =
        told
            ? ", of which encryption is %s"
                .formatted(TextReport.time(workload, encrypted.median() - plain.median()))
            : "; what of it is encryption is less than the noise";
    return "%s: with TLSv1.3 by the proxy %s; a %s costs the proxy %s of CPU time%s."
        .formatted(
            table.title(),
            ratio,
            workload.bytes() > 0 ? "gigabyte" : workload.unit(),
            TextReport.time(workload, encrypted.median()),
            share);
  }
}
