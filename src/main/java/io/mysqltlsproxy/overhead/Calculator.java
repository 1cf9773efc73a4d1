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
        const [kind, count, server] = box.querySelectorAll('select, input');
        const number = (field, otherwise, least) => field.value.trim() && isFinite(field.value)
          ? Math.max(least, Math.min(1e9, +field.value)) : otherwise;
        const time = us => us >= 1e6 ? (us / 1e6).toFixed(1) + '\u00a0s'
          : us >= 1e3 ? (us / 1e3).toFixed(1) + '\u00a0ms'
          : us.toFixed(us < 10 ? 1 : 0) + '\u00a0µs';
        const percent = part => (100 * part).toFixed(part < 0.1 ? 1 : 0) + '\u00a0%';
        const show = () => {
          const connection = connections[kind.value];
          const n = Math.max(1, Math.floor(number(count, 1, 1)));
          const sum = (part, bound) => connection[part][bound] + (n - 1) * query[part][bound];
          const more = server.value === server.defaultValue
            ? 0 : number(server, query.direct[0], 0) - query.direct[0];
          const direct = Math.max(0.1, sum('direct', 0) + n * more);
          const all = bound => direct + sum('hop', bound) + sum('encryption', bound);
          const cost = part => {
            const most = sum(part, 1);
            return (most > sum(part, 0) ? 'at most ' : '') + time(most / n) + ' per query ('
              + percent(most / direct) + ')';
          };
          box.querySelector('output').textContent =
            'A connection with ' + n.toLocaleString('en') + (n === 1 ? ' query' : ' queries')
            + ' takes ' + time(all(0)) + (all(1) > all(0) ? ' to ' + time(all(1)) : '') + ' instead of '
            + time(direct) + '. Encryption adds '
            + cost('encryption') + ', the hop ' + cost('hop') + '.';
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
        "<section class=\"whatif\" aria-labelledby=\"whatif\" data-query=\"%s\" data-connections=\"[%s]\">"
            .formatted(
                Html.escaped(json(query.get())),
                Html.escaped(
                    String.join(
                        ",", connections.values().stream().map(Calculator::json).toList()))));
    out.println("<h2 id=\"whatif\">What if?</h2>");
    out.println("<label>The client connects with <select>");
    int number = 0;
    for (String name : connections.keySet()) {
      out.println("<option value=\"%d\">%s</option>".formatted(number++, Html.escaped(name)));
    }
    out.println(
        String.format(
            Locale.ROOT,
            """
            </select></label>
            <label>and keeps the connection for
              <input type="number" min="1" value="100" autocomplete="off"> queries,</label>
            <label>each of which takes, without the proxy,
              <input type="number" min="0" step="any" value="%.0f" autocomplete="off"> µs.</label>
            <output></output>
            <noscript>The calculator needs JavaScript. It loads nothing.</noscript>
            </section>\
            """,
            query.get().direct()));
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

  /** Of each part what to count it as, and what it is at most, in microseconds. */
  private static String json(Cost cost) {
    return String.format(
        Locale.ROOT,
        "{\"direct\":[%.1f,%.1f],\"hop\":[%.1f,%.1f],\"encryption\":[%.1f,%.1f]}",
        cost.direct(),
        cost.direct(),
        cost.hop().counted(),
        cost.hop().atMost(),
        cost.encryption().counted(),
        cost.encryption().atMost());
  }
}
