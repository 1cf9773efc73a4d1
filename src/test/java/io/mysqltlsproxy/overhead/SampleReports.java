package io.mysqltlsproxy.overhead;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** Reports as a run makes them, with figures that are known. */
final class SampleReports {
  /** The time of a query on each way, in microseconds. */
  static final Map<String, Double> QUERY = new LinkedHashMap<>();

  /** The time of a connection with one query, the same. */
  static final Map<String, Double> CONNECTION = new LinkedHashMap<>();

  static {
    QUERY.put(Ways.DIRECT, 50.0);
    QUERY.put(Ways.PROXY_PLAIN, 80.0);
    QUERY.put(Ways.PROXY_TLS, 86.0);
    QUERY.put("proxy, TLSv1.2 AES128-GCM-SHA256", 87.0);
    QUERY.put("proxy, TLSv1.2 CHACHA20-POLY1305", 88.0);
    QUERY.put("MySQL Router of another host, TLS", 120.0);
    CONNECTION.put(Ways.DIRECT, 210.0);
    CONNECTION.put(Ways.PROXY_PLAIN, 500.0);
    CONNECTION.put(Ways.PROXY_TLS, 2500.0);
    CONNECTION.put(Ways.PROXY_TLS + ", P-256 key", 1500.0);
    CONNECTION.put(Ways.PROXY_TLS + ", resumed", 920.0);
    CONNECTION.put(Ways.PROXY_TLS + ", mutual", 3100.0);
    CONNECTION.put(Ways.PROXY_TLS + ", mutual, P-256 keys", 1900.0);
    CONNECTION.put("MySQL Router of another host, TLS", 2900.0);
  }

  private SampleReports() {}

  /** Of every way and workload, with queries beside logins and first logins. */
  static Report whole() throws Exception {
    return ReportTest.report(
        0,
        List.of(),
        List.of(
            table(Workload.pointSelect(), 1, QUERY),
            table(Workload.bulkRead(), 1, QUERY),
            table(Workload.connect(), 1, CONNECTION)),
        List.of(storm(Ways.DIRECT, 600), storm(Ways.PROXY_TLS, 2300)),
        List.of(
            new FirstLogins(
                Ways.PROXY_TLS,
                List.of(
                    new FirstLogins.Round(
                        List.of(
                            new LoginCost(500, 4900, 2),
                            new LoginCost(1000, 3800, 3),
                            new LoginCost(2000, 2900, 5)),
                        new LoginCost(500, 1900, 1))),
                Optional.empty())));
  }

  /** In whose rounds the encryption of a query takes between 1 µs less than nothing and 11 µs. */
  static Report noisy() throws Exception {
    Table queries = table(Workload.pointSelect(), 1, QUERY);
    List<Row> rows = new ArrayList<>(queries.rows());
    Figures tls = queries.figures(Ways.PROXY_TLS).orElseThrow();
    rows.removeIf(row -> row.way().equals(Ways.PROXY_TLS));
    rows.add(
        new Row(
            Ways.PROXY_TLS,
            Optional.empty(),
            Optional.of(
                new Figures(
                    tls.perSecond(),
                    tls.ratio(),
                    tls.p50(),
                    tls.p95(),
                    tls.p99(),
                    tls.cpu(),
                    tls.loadCpu(),
                    List.of(91.0, 86.0, 79.0)))));
    return ReportTest.report(
        0,
        List.of(),
        List.of(new Table(queries.workload(), 1, rows), table(Workload.connect(), 1, CONNECTION)));
  }

  /** Of more and more clients, and of idle ones. */
  static Report scaling() throws Exception {
    List<Table> tables = new ArrayList<>();
    for (int clients : List.of(1, 8, 64, 512)) {
      tables.add(table(Workload.pointSelect(), clients, QUERY));
    }
    List<IdleMemory> memory = new ArrayList<>();
    for (String way : List.of(Ways.PROXY_PLAIN, Ways.PROXY_TLS)) {
      memory.add(
          new IdleMemory(
              way,
              List.of(
                  new IdleMemory.Point(0, 130_000_000),
                  new IdleMemory.Point(500, 135_000_000),
                  new IdleMemory.Point(1000, 140_000_000)),
              Optional.empty()));
    }
    return ReportTest.report(1000, memory, tables);
  }

  private static Table table(Workload workload, int clients, Map<String, Double> times) {
    List<Row> rows = new ArrayList<>();
    double direct = times.getOrDefault(Ways.DIRECT, 1.0);
    times.forEach(
        (way, micros) -> {
          List<Double> rounds = DoubleStream.of(micros, micros, micros).boxed().toList();
          Estimate time = Estimate.of(rounds);
          Estimate rate = new Estimate(1e6 / micros, 0.9e6 / micros, 1.1e6 / micros);
          Figures figures =
              new Figures(
                  rate.times(Math.min(clients, 4)),
                  way.equals(Ways.DIRECT)
                      ? Optional.empty()
                      : Optional.of(new Estimate(direct / micros, direct / micros, 1)),
                  time,
                  time.times(2),
                  time.times(4),
                  way.equals(Ways.DIRECT) ? Optional.empty() : Optional.of(time),
                  time,
                  rounds);
          rows.add(new Row(way, Optional.empty(), Optional.of(figures)));
        });
    return new Table(workload, clients, rows);
  }

  private static LoginStorm storm(String way, double p99) {
    Sample alone = new Sample(20_000, 50, 100, 200, OptionalDouble.empty(), 10);
    Sample beside = new Sample(7000, p99 / 4, p99 / 2, p99, OptionalDouble.empty(), 10);
    return new LoginStorm(way, List.of(new LoginStorm.Round(alone, beside, 320)), Optional.empty());
  }
}
