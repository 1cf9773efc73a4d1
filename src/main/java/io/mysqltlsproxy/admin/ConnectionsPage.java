package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.connection.LiveConnections;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

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
    List<ConnectionRow> rows =
        query.select(
            live.all().stream().map(connection -> ConnectionRow.of(connection, now)).toList());
    if (wantsJson(request, query)) {
      return new Answer(200, JSON, json(rows));
    }
    Instant shown = now.truncatedTo(ChronoUnit.SECONDS);
    return new Answer(200, HTML, ConnectionsTable.html(title, shown, query, rows));
  }

  private static boolean wantsJson(Request request, ConnectionsQuery query) {
    return query.format().isEmpty()
        ? request.accept().contains(JSON) && !request.accept().contains("text/html")
        : query.format().equals("json");
  }

  private static String json(List<ConnectionRow> rows) {
    return rows.stream()
        .map(ConnectionRow::json)
        .collect(Collectors.joining(",\n", "{\"connections\":[\n", "\n]}\n"));
  }
}
