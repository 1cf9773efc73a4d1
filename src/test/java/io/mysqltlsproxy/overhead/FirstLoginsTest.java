package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a reader sees of the first logins of a fresh process. */
class FirstLoginsTest {
  private static final FirstLogins RSA =
      new FirstLogins(
          Ways.PROXY_TLS,
          List.of(round(1.9, 4900, 3800, 2850), round(2.0, 5000, 4000, 3000)),
          Optional.empty());

  /** The time was up before the two thousandth. */
  private static final FirstLogins SLOW =
      new FirstLogins(
          Ways.PROXY_TLS + ", P-256 key", List.of(round(1, 3000, 2500)), Optional.empty());

  private static final FirstLogins FAILED =
      new FirstLogins("proxy, other", List.of(), Optional.of("the proxy did not start"));

  private static FirstLogins.Round round(double atRestMillis, double... micros) {
    int[] counts = {500, 1000, 2000};
    List<LoginCost> first = new ArrayList<>();
    for (int step = 0; step < micros.length; step++) {
      first.add(new LoginCost(counts[step], micros[step], step + 1));
    }
    return new FirstLogins.Round(first, new LoginCost(500, atRestMillis * 1000, 1));
  }

  private static Report report(FirstLogins... all) throws Exception {
    return ReportTest.report(0, List.of(), List.of(), List.of(), List.of(all));
  }

  @Test
  void theTerminalShowsEachPartBesideTheLoginsAtRest() throws Exception {
    String text = Printed.text(report(RSA, SLOW, FAILED));

    assertTrue(
        text.replaceAll(" +", " ")
            .contains(
                """
                the first logins of a fresh process, 4 clients, CPU time of the proxy for each
                 first 500 first 1,000 first 2,000 at rest
                proxy, TLSv1.3 5.0 ms (2.5 ×) 3.9 ms (2.0 ×) 2.9 ms (1.5 ×) 2.0 ms
                proxy, TLSv1.3, P-256 key 3.0 ms (3.0 ×) 2.5 ms (2.5 ×) 1.0 ms
                proxy, other the proxy did not start
                """),
        text);
  }

  @Test
  void aSentenceSaysHowMuchDearerTheFirstLoginsAre() throws Exception {
    assertEquals(
        List.of(
            "The first 2,000 logins of a fresh proxy cost it 2.9 ms of CPU time each with TLSv1.3,"
                + " 1.5 times what logins cost at rest."),
        report(RSA, SLOW).findings());
  }

  @Test
  void thePageShowsABarForEachPartAndOneAtRest() throws Exception {
    String page = Printed.page(report(RSA, SLOW));

    assertTrue(page.contains("<h2>the first logins of a fresh process, 4 clients</h2>"), page);
    for (String bar :
        List.of(
            ">proxy, TLSv1.3, first 500<",
            ">proxy, TLSv1.3, first 2,000<",
            ">proxy, TLSv1.3, at rest<",
            ">proxy, TLSv1.3, P-256 key, first 1,000<")) {
      assertTrue(page.contains(bar), page);
    }
    assertFalse(page.contains(">proxy, TLSv1.3, P-256 key, first 2,000<"), page);
  }

  @Test
  void aSpreadsheetHasALineForEachPart() throws Exception {
    List<String> lines = Printed.csv(report(SLOW, FAILED));

    assertEquals(
        List.of(
            "first 500 logins,4,\"proxy, TLSv1.3, P-256"
                + " key\",,,,,,,,,,3000.000,3000.000,3000.000,,,",
            "first 1000 logins,4,\"proxy, TLSv1.3, P-256"
                + " key\",,,,,,,,,,2500.000,2500.000,2500.000,,,",
            "logins at rest,4,\"proxy, TLSv1.3, P-256 key\",,,,,,,,,,1000.000,1000.000,1000.000,,,",
            "logins at rest,4,\"proxy, other\",,,,,,,,,,,,,,,the proxy did not start"),
        lines.subList(1, lines.size()));
  }

  @Test
  void aProgramGetsMediansAndIntervals() throws Exception {
    String json = Printed.json(report(RSA)).replaceAll("\\s", "");

    assertTrue(
        json.contains(
            "{\"logins\":500,\"proxy_cpu_us\":{\"median\":4950.0,\"low\":4900.0,\"high\":5000.0},"
                + "\"times_at_rest\":{"),
        json);
    assertTrue(json.contains("\"at_rest_proxy_cpu_us\":{\"median\":1950.0,"), json);
  }

  @Test
  void aProcessThatDidNotStartIsAFailureOfTheRun() throws Exception {
    assertFalse(report(RSA).hasFailures());
    assertTrue(report(RSA, FAILED).hasFailures());
  }
}
