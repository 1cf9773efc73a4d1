package io.mysqltlsproxy.overhead;

import java.util.List;

/**
 * What the clients do, one thing after another.
 *
 * @param name as shown in the reports
 * @param unit what is counted
 * @param bytes how many bytes of values one of it moves; 0 where their rate says nothing
 * @param preparation what each client does first, before anything is counted
 * @param statement what is done again and again
 * @param reconnects whether each has a connection of its own, whose login is what is measured
 */
record Workload(
    String name,
    String unit,
    int bytes,
    List<String> preparation,
    String statement,
    boolean reconnects) {

  /** Below {@code max_allowed_packet} of every server since 4.0, which is 1 MiB. */
  private static final int BULK = 1_000_000;

  private static final int ROWS = 1000;
  private static final String TABLE = "mysql_tls_proxy_overhead";

  /** One row by its primary key, from a temporary table of the client's own. */
  static Workload pointSelect() {
    StringBuilder rows = new StringBuilder("INSERT INTO " + TABLE + " VALUES ");
    for (int id = 1; id <= ROWS; id++) {
      rows.append(id > 1 ? "," : "").append('(').append(id).append(",REPEAT('x',120))");
    }
    return new Workload(
        "point select",
        "query",
        0,
        List.of(
            "CREATE TEMPORARY TABLE " + TABLE + " (id INT PRIMARY KEY, c CHAR(120) NOT NULL)",
            rows.toString()),
        "SELECT c FROM " + TABLE + " WHERE id = 500",
        false);
  }

  /** A statement of the user's. */
  static Workload query(String statement) {
    return new Workload("your query", "query", 0, List.of(), statement, false);
  }

  /** One value of a megabyte, which costs the server next to nothing to make. */
  static Workload bulkRead() {
    String statement = "SELECT REPEAT('x', " + BULK + ")";
    return new Workload("bulk read", "query", BULK, List.of(), statement, false);
  }

  /** A statement of a megabyte, which the server reads and forgets. */
  static Workload bulkWrite() {
    String statement = "DO '" + "x".repeat(BULK) + "'";
    return new Workload("bulk write", "statement", BULK, List.of(), statement, false);
  }

  /** A connection that only waits. */
  static Workload idle() {
    return new Workload("idle", "connection", 0, List.of(), "DO 0", false);
  }

  /** A connection for one small query. */
  static Workload connect() {
    return new Workload("connect", "login", 0, List.of(), "SELECT 1", true);
  }
}
