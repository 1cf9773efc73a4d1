package io.mysqltlsproxy.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionsQueryTest {
  private static final List<ConnectionRow> ROWS =
      List.of(
          row(3, "laura", "CN=laura,O=Test", "2027-01-01T00:00:00Z", 20),
          row(1, "monica", "CN=monica", "2026-12-01T00:00:00Z", 500),
          row(2, "laura", "", "", 7));

  @ParameterizedTest
  @CsvSource({
    "'', 3 1 2",
    "user=laura, 3 2",
    "user=LAUR, 3 2",
    "certificate=CN%3Dmonica, 1",
    "user=laura&certificate=o%3Dtest, 3",
    "user=nobody, ''",
    "sort=id, 1 2 3",
    "sort=-id, 3 2 1",
    "sort=received, 2 3 1",
    "sort=expires&certificate=cn, 1 3",
    "user=laura&sort=id, 2 3",
    "sort=nonsense, 3 1 2",
    "user=%zz, ''",
    "nonsense, 3 1 2",
  })
  void theRowsAreFilteredAndSorted(String query, String ids) {
    List<String> shown =
        ConnectionsQuery.parse(query).select(ROWS, row -> row).stream()
            .map(row -> String.valueOf(row.id().orElseThrow()))
            .toList();

    assertEquals(ids, String.join(" ", shown));
  }

  @ParameterizedTest
  @EnumSource
  void aHeadingSortsByItsColumnAndOnceMoreTheOtherWayRound(ConnectionColumn column) {
    ConnectionsQuery query = ConnectionsQuery.parse("user=a%26b");
    String first = "?user=a%26b&sort=" + column.key();
    assertEquals(first, query.sortedBy(column));

    ConnectionsQuery sorted = ConnectionsQuery.parse(first.substring(1));
    assertEquals("?user=a%26b&sort=-" + column.key(), sorted.sortedBy(column));
    assertEquals(
        3, ConnectionsQuery.parse("sort=-" + column.key()).select(ROWS, row -> row).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Phase", "Admitted by", "Expires", "In phase"})
  void theTableHasTheHeading(String heading) {
    ConnectionsQuery query = ConnectionsQuery.parse("sort=-user");

    ConnectionsTable table = new ConnectionsTable("title", Instant.EPOCH, query);
    String html = table.beginning(3) + table.rest(ROWS.stream()).collect(Collectors.joining());

    assertTrue(html.contains(">" + heading + "</a>"), html);
    assertTrue(html.contains(">User</a> ▼"), html);
    assertTrue(html.contains("<td>2027-01-01T00:00:00Z</td>"), html);
    assertTrue(html.contains("3 connections"), html);
  }

  @Test
  void theLinkToJsonKeepsTheFilterAndTheOrder() {
    assertEquals(
        "?user=laura&sort=-id&format=json", ConnectionsQuery.parse("user=laura&sort=-id").asJson());
  }

  private static ConnectionRow row(
      long id, String user, String subject, String expires, long received) {
    return new ConnectionRow(
        OptionalLong.of(id),
        "127.0.0.1:" + id,
        user,
        "--require",
        "commands",
        5,
        5,
        "TLSv1.3",
        "TLS_AES_128_GCM_SHA256",
        subject,
        expires,
        OptionalLong.of(received),
        OptionalLong.empty());
  }
}
