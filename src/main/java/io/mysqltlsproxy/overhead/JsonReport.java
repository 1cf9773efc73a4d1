package io.mysqltlsproxy.overhead;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mysqltlsproxy.text.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The report for a program; times in microseconds:
 *
 * <pre>
 * {"machine": {NAME: FACT, …}, "rounds": 5, "seconds": 2.0, "findings": ["…", …],
 *  "results": [{"workload": "point select", "clients": 8, "way": "proxy, TLSv1.3",
 *               "per_second": {"median": 1, "low": 1, "high": 1}, "of_direct": {…} or null,
 *               "p50_us": 1, "p95_us": 1, "p99_us": 1, "proxy_cpu_us": {…} or null,
 *               "load_cpu_us": {…}, "failure": null}, …],
 *  "memory": [{"way": "proxy, TLSv1.3", "bytes_per_connection": 1 or null, "failure": null,
 *              "resident": [{"connections": 0, "bytes": 1}, …]}, …],
 *  "storm": [{"way": "proxy, TLSv1.3", "querying": 2, "logging_in": 4,
 *             "alone_p99_us": {…} or null, "per_second": {…} or null, "p50_us": {…} or null,
 *             "p95_us": {…} or null, "p99_us": {…} or null, "logins_per_second": {…} or null,
 *             "failure": null}, …],
 *  "first_logins": [{"way": "proxy, TLSv1.3", "clients": 4,
 *                    "first": [{"logins": 500, "proxy_cpu_us": {…}, "times_at_rest": {…}}, …],
 *                    "at_rest_proxy_cpu_us": {…} or null, "failure": null}, …]}
 * </pre>
 */
public final class JsonReport {
  private JsonReport() {}

  public static void print(Report report, PrintStream out) {
    out.println(Json.document(json -> write(json, report)));
  }

  private static void write(JsonGenerator json, Report report) throws IOException {
    json.writeObjectFieldStart("machine");
    for (Map.Entry<String, String> fact : report.machine().facts().entrySet()) {
      json.writeStringField(fact.getKey(), fact.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("rounds", report.settings().rounds());
    json.writeNumberField("seconds", report.settings().time().toMillis() / 1000.0);
    json.writeArrayFieldStart("findings");
    for (String finding : report.findings()) {
      json.writeString(finding);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("results");
    for (Table table : report.tables()) {
      for (Row row : table.rows()) {
        write(json, table, row);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("memory");
    for (IdleMemory memory : report.memory()) {
      write(json, memory);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("storm");
    for (LoginStorm storm : report.storms()) {
      write(json, storm);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("first_logins");
    for (FirstLogins first : report.firstLogins()) {
      write(json, first);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, LoginStorm storm) throws IOException {
    json.writeStartObject();
    json.writeStringField("way", storm.way());
    json.writeNumberField("querying", StormLoad.QUERYING);
    json.writeNumberField("logging_in", StormLoad.LOGGING_IN);
    write(json, "alone_p99_us", storm.p99Alone());
    write(json, "per_second", storm.estimate(round -> round.beside().perSecond()));
    write(json, "p50_us", storm.estimate(round -> round.beside().p50()));
    write(json, "p95_us", storm.estimate(round -> round.beside().p95()));
    write(json, "p99_us", storm.p99());
    write(json, "logins_per_second", storm.estimate(LoginStorm.Round::logins));
    json.writeStringField("failure", storm.failure().orElse(null));
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, FirstLogins first) throws IOException {
    json.writeStartObject();
    json.writeStringField("way", first.way());
    json.writeNumberField("clients", FirstLoginsLoad.CLIENTS);
    json.writeArrayFieldStart("first");
    List<Integer> counts = first.counts();
    for (int step = 0; step < counts.size(); step++) {
      json.writeStartObject();
      json.writeNumberField("logins", counts.get(step));
      write(json, "proxy_cpu_us", Optional.of(first.cpu(step)));
      write(json, "times_at_rest", Optional.of(first.timesAtRest(step)));
      json.writeEndObject();
    }
    json.writeEndArray();
    write(
        json,
        "at_rest_proxy_cpu_us",
        first.rounds().isEmpty() ? Optional.empty() : Optional.of(first.atRest()));
    json.writeStringField("failure", first.failure().orElse(null));
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Table table, Row row) throws IOException {
    json.writeStartObject();
    json.writeStringField("workload", table.workload().name());
    json.writeNumberField("clients", table.clients());
    json.writeStringField("way", row.way());
    if (row.figures().isPresent()) {
      Figures figures = row.figures().get();
      write(json, "per_second", Optional.of(figures.perSecond()));
      write(json, "of_direct", figures.ratio());
      json.writeNumberField("p50_us", figures.p50().median());
      json.writeNumberField("p95_us", figures.p95().median());
      json.writeNumberField("p99_us", figures.p99().median());
      write(json, "proxy_cpu_us", figures.cpu());
      write(json, "load_cpu_us", Optional.of(figures.loadCpu()));
    }
    json.writeStringField("failure", row.failure().orElse(null));
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, IdleMemory memory) throws IOException {
    json.writeStartObject();
    json.writeStringField("way", memory.way());
    json.writeObjectField("bytes_per_connection", memory.bytesPerConnection().orElse(null));
    json.writeStringField("failure", memory.failure().orElse(null));
    json.writeArrayFieldStart("resident");
    for (IdleMemory.Point point : memory.points()) {
      json.writeStartObject();
      json.writeNumberField("connections", point.connections());
      json.writeNumberField("bytes", point.residentBytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, Optional<Estimate> estimate)
      throws IOException {
    if (estimate.isEmpty()) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeNumberField("median", estimate.get().median());
    json.writeNumberField("low", estimate.get().low());
    json.writeNumberField("high", estimate.get().high());
    json.writeEndObject();
  }
}
