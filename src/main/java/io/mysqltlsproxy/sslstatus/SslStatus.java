package io.mysqltlsproxy.sslstatus;

import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.codec.TextResultSet;
import io.mysqltlsproxy.protocol.ColumnDefinition41;
import io.mysqltlsproxy.protocol.TextRow;
import io.mysqltlsproxy.sslstatus.SslStatusQuery.Kind;
import io.mysqltlsproxy.tls.TlsFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the server's status says of TLS is true of the hop behind the proxy; this puts the truth of
 * the client's own connection into the answers: for applications that ask whether they are
 * encrypted.
 */
public final class SslStatus {
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
    if (question.kind() == Kind.HAVE_SSL) {
      return isHaveSsl(answer) ? Optional.of(List.of(TextRow.of("YES"))) : Optional.empty();
    }
    List<String> names = answer.columns().stream().map(ColumnDefinition41::name).toList();
    if (names.size() != 2
        || !names.get(0).equalsIgnoreCase("Variable_name")
        || !names.get(1).equalsIgnoreCase("Value")) {
      return Optional.empty();
    }
    if (question.kind() == Kind.VARIABLES) {
      return Optional.of(replaced(answer.rows(), HAVE_SSL));
    }
    Map<String, String> all = sorted();
    all.putAll(variables.ofTheServer());
    Map<String, String> missing = sorted();
    missing.putAll(all);
    all.putAll(variables.of(transport, resumed));
    if (!question.global()) {
      missing.putAll(all);
    }
    Optional<LikePattern> asked = question.names().map(LikePattern::new);
    missing.keySet().removeIf(name -> asked.isEmpty() || !asked.get().matches(name));
    return Optional.of(completed(replaced(answer.rows(), all), missing));
  }

  /** Whether it is one value of the three that have_ssl can have. */
  private static boolean isHaveSsl(TextResultSet answer) {
    return answer.columns().size() == 1
        && answer.rows().size() == 1
        && TextRow.first(answer.rows().get(0))
            .filter(List.of("YES", "NO", "DISABLED")::contains)
            .isPresent();
  }

  private static List<byte[]> replaced(List<byte[]> rows, Map<String, String> truth) {
    List<byte[]> result = new ArrayList<>();
    for (byte[] row : rows) {
      String name = TextRow.first(row).orElse("");
      String value = truth.get(name);
      result.add(value == null ? row : TextRow.of(name, value));
    }
    return result;
  }

  /** With those that an old server does not have, each before the first name that follows it. */
  private static List<byte[]> completed(List<byte[]> rows, Map<String, String> missing) {
    List<byte[]> result = new ArrayList<>(rows);
    result.forEach(row -> missing.remove(TextRow.first(row).orElse("")));
    missing.forEach(
        (name, value) -> {
          int at = 0;
          while (at < result.size()
              && TextRow.first(result.get(at)).orElse("").compareToIgnoreCase(name) < 0) {
            at++;
          }
          result.add(at, TextRow.of(name, value));
        });
    return result;
  }

  private static Map<String, String> sorted() {
    return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  }
}
