package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.text.Html;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to "what if": what a connection costs with another key, with a resumed session, with
 * more queries. The page computes it from the medians, without a network.
 */
final class Calculator {
  static final String CSS =
      """
      .whatif { border: 1px solid var(--line); border-radius: 6px; padding: .3rem 1rem 1rem; }
      .whatif h2 { margin-top: .7rem; } .whatif label { display: block; margin: .5rem 0; }
      .whatif select, .whatif input { font: inherit; color: inherit; background: var(--paper);
        border: 1px solid var(--line); border-radius: 4px; padding: .2rem .4rem; max-width: 100%; }
      .whatif input { width: 8rem; } .whatif output { display: block; font-weight: 600; }
      """;

  private static final String SCRIPT =
      """
      <script>
      (() => {
        const box = document.querySelector('.whatif');
        const query = JSON.parse(box.dataset.query);
        const connections = JSON.parse(box.dataset.connections);
        const time = us => us >= 1e6 ? (us / 1e6).toFixed(1) + ' s'
          : us >= 1e3 ? (us / 1e3).toFixed(1) + ' ms' : us.toFixed(us < 10 ? 1 : 0) + ' µs';
        const percent = part => (100 * part).toFixed(part < 0.1 ? 1 : 0) + ' %';
        const show = () => {
          const c = connections[box.querySelector('select').value];
          const n = Math.max(1, Math.min(1e9, Math.floor(+box.querySelector('input').value) || 1));
          const sum = part => c[part] + (n - 1) * query[part];
          const direct = sum('direct'), hop = sum('hop'), encryption = sum('encryption');
          box.querySelector('output').textContent =
            'A connection with ' + n.toLocaleString('en') + (n === 1 ? ' query' : ' queries')
            + ' takes ' + time(direct + hop + encryption) + ' instead of ' + time(direct)
            + '. Encryption is ' + time(encryption / n) + ' of it a query ('
            + percent(encryption / direct) + '), the hop ' + time(hop / n) + ' ('
            + percent(hop / direct) + ').';
        };
        box.addEventListener('input', show);
        show();
      })();
      </script>
      """;

  private Calculator() {}

  /** Nothing where a query or a connection was not measured. */
  static void print(Report report, PrintStream out) {
    Optional<Cost> query = Cost.ofQuery(report);
    Map<String, Cost> connections = connections(report);
    if (query.isEmpty() || connections.isEmpty()) {
      return;
    }
    out.println(
        "<section class=\"whatif\" data-query=\"%s\" data-connections=\"[%s]\">"
            .formatted(
                Html.escaped(json(query.get())),
                Html.escaped(
                    String.join(
                        ",", connections.values().stream().map(Calculator::json).toList()))));
    out.println("<h2>What if?</h2>\n<label>The client connects with <select>");
    int number = 0;
    for (String name : connections.keySet()) {
      out.println("<option value=\"%d\">%s</option>".formatted(number++, Html.escaped(name)));
    }
    out.println(
        """
        </select></label>
        <label>and keeps the connection for <input type="number" min="1" value="100"> queries.</label>
        <output></output>
        <noscript>The calculator needs JavaScript. It loads nothing.</noscript>
        </section>\
        """);
    out.print(SCRIPT);
  }

  private static Map<String, Cost> connections(Report report) {
    Map<String, String> ways = new LinkedHashMap<>();
    ways.put("a full handshake, RSA key", Ways.PROXY_TLS);
    ways.put("a full handshake, P-256 key", Ways.PROXY_TLS + ", P-256 key");
    ways.put("a resumed session", Ways.PROXY_TLS + ", resumed");
    ways.put("a client certificate, RSA keys", Ways.PROXY_TLS + ", mutual");
    ways.put("a client certificate, P-256 keys", Ways.PROXY_TLS + ", mutual, P-256 keys");
    Map<String, Cost> measured = new LinkedHashMap<>();
    ways.forEach(
        (name, way) -> Cost.ofConnection(report, way).ifPresent(cost -> measured.put(name, cost)));
    return measured;
  }

  private static String json(Cost cost) {
    return String.format(
        Locale.ROOT,
        "{\"direct\":%.1f,\"hop\":%.1f,\"encryption\":%.1f}",
        cost.direct(),
        cost.hop().counted(),
        cost.encryption().counted());
  }
}
