package io.mysqltlsproxy.overhead;

import java.util.List;
import java.util.Optional;

/**
 * One workload at one number of clients.
 *
 * @param rows a way to the server each, the direct one first
 */
record Table(Workload workload, int clients, List<Row> rows) {

  /** {@code point select, 8 clients}. */
  String title() {
    return workload.name() + ", " + clients + (clients == 1 ? " client" : " clients");
  }

  Optional<Figures> figures(String way) {
    return rows.stream().filter(row -> row.way().equals(way)).findFirst().flatMap(Row::figures);
  }
}
