package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.OpenSslOracle.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** OpenSSL's verdicts beside the proxy's, of cases that a generator makes. */
final class OpenSslComparison {
  private static final int MAX_SHOWN = 20;

  private final Map<String, Integer> counts = new TreeMap<>();
  private final StringBuilder differences = new StringBuilder();
  private final OpenSslOracle openSsl;
  private int unexplained;

  OpenSslComparison(Path directory) {
    openSsl = new OpenSslOracle(directory);
  }

  /** Compares very many: the first case and how many, in turns. */
  public static void main(String[] args) throws IOException {
    OpenSslComparison comparison = new OpenSslComparison(Files.createTempDirectory("pki"));
    for (int i = 0; i + 1 < args.length; i += 2) {
      comparison.run(Long.parseLong(args[i]), Integer.parseInt(args[i + 1]));
    }
    System.out.println(comparison.counts());
    System.out.println(comparison.differences());
  }

  void run(long first, int count) {
    for (long number = first; number < first + count; number++) {
      compare(PkiGenerator.make(number));
    }
  }

  private void compare(PkiCase pki) {
    Verdict verdict = openSsl.ask(pki.sent(), pki.trusted(), pki.crls());
    Judgement own = Judgement.of(pki);
    String ownAlert = OpenSslOracle.alert(own.error());
    if (verdict.good() == own.good() && verdict.alert().equals(ownAlert)) {
      count(own.good() ? "admitted" : "refused, " + ownAlert);
      return;
    }
    Optional<Difference> difference = Difference.of(pki, verdict, own, openSsl);
    count(difference.map(each -> "different, " + each).orElse("UNEXPLAINED"));
    if (difference.isEmpty()) {
      unexplained++;
      if (unexplained <= MAX_SHOWN) {
        differences.append(
            "%n== case %d%n%s%nOpenSSL: %sproxy: %d %s%n"
                .formatted(
                    pki.number(), pki.description(), verdict.text(), own.error(), own.message()));
      }
    }
  }

  private void count(String kind) {
    counts.merge(kind, 1, Integer::sum);
  }

  int unexplained() {
    return unexplained;
  }

  /** How often each outcome was seen. */
  Map<String, Integer> counts() {
    return counts;
  }

  /** The first that nobody explains. */
  String differences() {
    return differences.toString();
  }
}
