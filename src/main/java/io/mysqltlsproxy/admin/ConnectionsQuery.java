package io.mysqltlsproxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which connections are shown, and in which order: {@code
 * ?user=laura&certificate=CN%3Dlaura&sort=-received}.
 *
 * @param user a part of the user's name; empty for all
 * @param certificate a part of the subject of the certificate; empty for all
 * @param sort empty for the order in which they connected
 * @param descending the largest first
 * @param format {@code json}, or empty for what the client accepts
 */
record ConnectionsQuery(
    String user,
    String certificate,
    Optional<ConnectionColumn> sort,
    boolean descending,
    String format) {

  /** Reads what stands behind the question mark; what is not understood is ignored. */
  static ConnectionsQuery parse(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
      }
    }
    String sort = parameters.getOrDefault("sort", "");
    boolean descending = sort.startsWith("-");
    return new ConnectionsQuery(
        parameters.getOrDefault("user", ""),
        parameters.getOrDefault("certificate", ""),
        ConnectionColumn.of(descending ? sort.substring(1) : sort),
        descending,
        parameters.getOrDefault("format", ""));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** Those that are wanted, in their order. */
  <T> List<T> select(List<T> all, Function<T, ConnectionRow> row) {
    Stream<Map.Entry<T, ConnectionRow>> wanted =
        all.stream()
            .map(each -> Map.entry(each, row.apply(each)))
            .filter(each -> isWanted(each.getValue()));
    if (sort.isPresent()) {
      Comparator<ConnectionRow> order = sort.get().order();
      wanted = wanted.sorted(Map.Entry.comparingByValue(descending ? order.reversed() : order));
    }
    return wanted.map(Map.Entry::getKey).toList();
  }

  private boolean isWanted(ConnectionRow row) {
    return contains(row.user(), user) && contains(row.subject(), certificate);
  }

  private static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }

  /** The same connections, in the order of a column, or the other way round where they are. */
  String sortedBy(ConnectionColumn column) {
    boolean other = sort.equals(Optional.of(column)) && !descending;
    return text((other ? "-" : "") + column.key(), "");
  }

  /** The same as JSON. */
  String asJson() {
    return text(sortText(), "json");
  }

  /** What {@code sort} says; empty where it is left out. */
  String sortText() {
    return sort.map(column -> (descending ? "-" : "") + column.key()).orElse("");
  }

  private String text(String sortedBy, String inFormat) {
    StringBuilder text = new StringBuilder("?");
    append(text, "user", user);
    append(text, "certificate", certificate);
    append(text, "sort", sortedBy);
    append(text, "format", inFormat);
    return text.toString();
  }

  private static void append(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(text.length() > 1 ? "&" : "")
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, UTF_8));
    }
  }
}
