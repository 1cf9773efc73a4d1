package io.mysqltlsproxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectionsTableTest {
  private static final String EVIL = "<script>alert(\"1\")</script>&'\u202e";
  private static final String HARMLESS =
      "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;";

  @Test
  void whatAClientOrACertificateOrARuleSaysIsShownAndNeverRun() {
    ConnectionRow row =
        new ConnectionRow(
            OptionalLong.of(7),
            EVIL,
            EVIL,
            EVIL,
            "commands",
            5,
            5,
            EVIL,
            EVIL,
            EVIL,
            EVIL,
            OptionalLong.of(812),
            OptionalLong.of(20_000_000));

    ConnectionsQuery query =
        ConnectionsQuery.parse("sort=-user&user=" + URLEncoder.encode(EVIL, UTF_8));
    ConnectionsTable table = new ConnectionsTable(EVIL, Instant.EPOCH, query);
    String html = table.beginning(1) + table.rest(Stream.of(row)).collect(Collectors.joining());

    assertFalse(html.contains("<script"), html);
    assertEquals(
        2L, html.codePoints().filter(c -> c == 0x202E).count(), html); // what was asked for
    for (String cell :
        List.of("<td>", "<td class=\"w\">", "<small>", "<p>", "name=\"user\" value=\"")) {
      assertTrue(html.contains(cell + HARMLESS), () -> cell + " of " + html);
    }
    assertTrue(html.contains("812 B") && html.contains("20.0 MB"), html);
  }
}
