package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.connection.LiveConnection;
import io.mysqltlsproxy.connection.LiveConnections;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Who is connected: a table for people, JSON for programs. */
public final class ConnectionsPage implements Page {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String JSON = "application/json";

  private final LiveConnections live;
  private final String title;

  /**
   * The page.
   *
   * @param title which proxy this is: its address and its server
   */
  public ConnectionsPage(LiveConnections live, String title) {
    this.live = live;
    this.title = title;
  }

  @Override
  public Answer answer(Request request) {
    Instant now = Instant.now();
    ConnectionsQuery query = ConnectionsQuery.parse(request.query());
    // The rows are made when they are sent: what waits for the client is a list of connections.
    List<LiveConnection> shown =
        query.select(live.all(), connection -> ConnectionRow.of(connection, now));
    Stream<ConnectionRow> rows = shown.stream().map(each -> ConnectionRow.of(each, now));
    if (wantsJson(request, query)) {
      return new Answer(200, JSON, "{\"connections\":[", json(rows).iterator());
    }
    ConnectionsTable table =
        new ConnectionsTable(title, now.truncatedTo(ChronoUnit.SECONDS), query);
    return new Answer(200, HTML, table.beginning(shown.size()), table.rest(rows).iterator());
  }

  private static boolean wantsJson(Request request, ConnectionsQuery query) {
    return query.format().isEmpty()
        ? request.accept().contains(JSON) && !request.accept().contains("text/html")
        : query.format().equals("json");
  }

  private static Stream<String> json(Stream<ConnectionRow> rows) {
    AtomicBoolean first = new AtomicBoolean(true);
    return Stream.concat(
        rows.map(row -> (first.getAndSet(false) ? "\n" : ",\n") + row.json()), Stream.of("\n]}\n"));
  }
}
