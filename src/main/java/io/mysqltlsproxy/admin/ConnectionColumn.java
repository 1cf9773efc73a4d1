package io.mysqltlsproxy.admin;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What the rows of connections can be sorted by: the columns of the table. */
enum ConnectionColumn {
  ID("Id", true, Comparator.comparingLong(row -> row.id().orElse(-1))),
  PEER("Client", false, Comparator.comparing(ConnectionRow::peer)),
  USER("User", false, Comparator.comparing(ConnectionRow::user)),
  PHASE("Phase", false, Comparator.comparing(ConnectionRow::phase)),
  PHASE_SECONDS("In phase", true, Comparator.comparingLong(ConnectionRow::phaseSeconds)),
  TLS("TLS", false, Comparator.comparing(row -> row.tlsVersion() + row.cipher())),
  SUBJECT("Certificate", false, Comparator.comparing(ConnectionRow::subject)),
  EXPIRES("Expires", false, Comparator.comparing(ConnectionRow::expires)),
  RULE("Admitted by", false, Comparator.comparing(ConnectionRow::rule)),
  RECEIVED("Received", true, Comparator.comparingLong(row -> row.receivedBytes().orElse(-1))),
  SENT("Sent", true, Comparator.comparingLong(row -> row.sentBytes().orElse(-1))),
  CONNECTED("Connected", true, Comparator.comparingLong(ConnectionRow::connectedSeconds));

  private final String heading;
  private final boolean numeric;

  @SuppressWarnings("ImmutableEnumChecker") // A comparator of a method has no state.
  private final Comparator<ConnectionRow> order;

  ConnectionColumn(String heading, boolean numeric, Comparator<ConnectionRow> order) {
    this.heading = heading;
    this.numeric = numeric;
    this.order = order;
  }

  /** Above the column. */
  String heading() {
    return heading;
  }

  /** Whether it holds numbers, which stand at the right. */
  boolean isNumeric() {
    return numeric;
  }

  Comparator<ConnectionRow> order() {
    return order;
  }

  /** In a query: {@code sort=phase-seconds}. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<ConnectionColumn> of(String key) {
    for (ConnectionColumn column : values()) {
      if (column.key().equals(key)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }
}
