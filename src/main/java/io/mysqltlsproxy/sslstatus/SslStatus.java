package io.mysqltlsproxy.sslstatus;

import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.codec.TextResultSet;
import io.mysqltlsproxy.protocol.ColumnDefinition41;
import io.mysqltlsproxy.protocol.TextRow;
import io.mysqltlsproxy.sslstatus.SslStatusQuery.Subject;
import io.mysqltlsproxy.tls.TlsFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the server's status says of TLS is true of the hop behind the proxy; this puts the truth of
 * the client's own connection into the answers: for applications that ask whether they are
 * encrypted.
 */
public final class SslStatus {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.]+");
  private static final Map<String, String> HAVE_SSL = sorted();

  static {
    HAVE_SSL.put("have_openssl", "YES");
    HAVE_SSL.put("have_ssl", "YES");
  }

  private final SslVariables variables;

  public SslStatus(HandshakeCounts handshakes, TlsFacts facts) {
    variables = new SslVariables(facts, handshakes);
  }

  /** The rows that answer the question in place of the server's, if they would be others. */
  public Optional<List<byte[]>> rows(
      SslStatusQuery question, Transport transport, boolean resumed, TextResultSet answer) {
    if (!answer.columns().stream().allMatch(ColumnDefinition41::isAscii)) {
      return Optional.empty();
    }
    if (question.subject() == Subject.HAVE_SSL) {
      return isHaveSsl(answer) ? Optional.of(List.of(TextRow.of("YES"))) : Optional.empty();
    }
    if (!isNamesAndValues(answer)) {
      return Optional.empty();
    }
    if (question.subject() == Subject.VARIABLES) {
      return Optional.of(changed(answer.rows(), HAVE_SSL, Set.of(), question.condition()));
    }
    Map<String, String> ofTheServer = variables.ofTheServer();
    Map<String, String> truth = sorted();
    truth.putAll(ofTheServer);
    truth.putAll(variables.of(transport, resumed));
    Set<String> complete = question.global() ? ofTheServer.keySet() : truth.keySet();
    return Optional.of(changed(answer.rows(), truth, complete, question.condition()));
  }

  /** Whether it is one value of the three that have_ssl can have. */
  private static boolean isHaveSsl(TextResultSet answer) {
    return answer.width() == 1
        && answer.rows().size() == 1
        && TextRow.first(answer.rows().get(0))
            .filter(List.of("YES", "NO", "DISABLED")::contains)
            .isPresent();
  }

  /** Without definitions, the rows must tell that their character set is like ASCII. */
  private static boolean isNamesAndValues(TextResultSet answer) {
    List<String> names = answer.columns().stream().map(ColumnDefinition41::name).toList();
    if (names.isEmpty()) {
      return answer.width() == 2
          && !answer.rows().isEmpty()
          && answer.rows().stream().map(SslStatus::name).allMatch(NAME.asMatchPredicate());
    }
    return names.size() == 2
        && names.get(0).equalsIgnoreCase("Variable_name")
        && names.get(1).equalsIgnoreCase("Value");
  }

  /**
   * The server's rows with the true values.
   *
   * @param complete names to add where the server leaves them out: an old one does not know them,
   *     and a condition may hold for the true value only
   * @param condition which rows the client wants; where it is not known, none is added or left out
   */
  private static List<byte[]> changed(
      List<byte[]> rows,
      Map<String, String> truth,
      Set<String> complete,
      Optional<RowCondition> condition) {
    List<byte[]> result = new ArrayList<>();
    Set<String> missing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    missing.addAll(complete);
    for (byte[] row : rows) {
      String name = name(row);
      String value = truth.get(name);
      missing.remove(name);
      if (value == null) {
        result.add(row);
      } else if (condition.map(wanted -> wanted.holds(name, value)).orElse(true)) {
        result.add(TextRow.of(name, value));
      }
    }
    condition.ifPresent(
        wanted ->
            missing.stream()
                .filter(name -> wanted.holds(name, truth.getOrDefault(name, "")))
                .forEach(name -> insert(result, name, truth.getOrDefault(name, ""))));
    return result;
  }

  /** Before the first name that follows it. */
  private static void insert(List<byte[]> rows, String name, String value) {
    int at = 0;
    while (at < rows.size() && name(rows.get(at)).compareToIgnoreCase(name) < 0) {
      at++;
    }
    rows.add(at, TextRow.of(name, value));
  }

  private static String name(byte[] row) {
    return TextRow.first(row).orElse("");
  }

  private static Map<String, String> sorted() {
    return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  }
}
