package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What a reader sees of queries beside the logins of others. */
class LoginStormTest {
  private static final LoginStorm TLS =
      new LoginStorm(
          Ways.PROXY_TLS,
          List.of(round(200, 2100, 300), round(240, 2300, 320), round(250, 9000, 340)),
          Optional.empty());
  private static final LoginStorm FAILED =
      new LoginStorm("router", List.of(), Optional.of("ERROR 1040 (08004): Too many connections"));

  private static LoginStorm.Round round(double alone, double beside, double logins) {
    return new LoginStorm.Round(sample(alone), sample(beside), logins);
  }

  private static Sample sample(double p99) {
    return new Sample(7000, p99 / 4, p99 / 2, p99, OptionalDouble.empty(), 10);
  }

  private static Report report(LoginStorm... storms) throws Exception {
    return ReportTest.report(0, List.of(), List.of(), List.of(storms), List.of());
  }

  @Test
  void theTerminalShowsTheWaitsWithLoginsAndWithoutAndWhyThereAreNone() throws Exception {
    String text = Printed.text(report(TLS, FAILED));

    assertTrue(text.contains("\n2 clients query while 4 others log in without end\n"), text);
    assertTrue(
        text.replaceAll(" +", " ")
            .contains(
                """
                 p99, no logins p99 p50 queries/s logins/s
                proxy, TLSv1.3 240 µs 2.3 ms 575 µs 7,000 320
                router ERROR 1040 (08004): Too many connections
                """),
        text);
  }

  @Test
  void aSentenceSaysHowLongQueriesWait() throws Exception {
    assertEquals(
        List.of(
            "While 4 clients log in without end, 99 % of the queries of 2 others through the proxy"
                + " with TLSv1.3 take up to 2.3 ms; 240 µs while nobody logs in."),
        report(TLS, FAILED).findings());
  }

  @Test
  void thePageShowsABarAndTheFiguresOfEachWay() throws Exception {
    String page = Printed.page(report(TLS, FAILED));

    assertTrue(page.contains("<h2>2 clients query while 4 others log in without end</h2>"), page);
    assertTrue(
        page.contains(
            "<th scope=\"row\">proxy, TLSv1.3</th><td>240 µs</td><td>2.3 ms</td><td>575 µs</td>"
                + "<td>7,000</td><td>320</td>"),
        page);
    assertTrue(page.contains("<td colspan=\"5\">ERROR 1040"), page);
  }

  @Test
  void aSpreadsheetHasALineForEachKindOfLoad() throws Exception {
    List<String> lines = Printed.csv(report(TLS));

    assertEquals(
        List.of(
            "queries alone,2,\"proxy, TLSv1.3\",7000.000,7000.000,7000.000,,,,60.000,120.000,"
                + "240.000,,,,,,",
            "queries beside logins,2,\"proxy, TLSv1.3\",7000.000,7000.000,7000.000,,,,575.000,"
                + "1150.000,2300.000,,,,,,",
            "logins beside queries,4,\"proxy, TLSv1.3\",320.000,300.000,340.000,,,,,,,,,,,,"),
        lines.subList(1, lines.size()));
  }

  @Test
  void aProgramGetsMediansAndIntervals() throws Exception {
    String json = Printed.json(report(TLS, FAILED)).replaceAll("\\s", "");

    assertTrue(
        json.contains("\"p99_us\":{\"median\":2300.0,\"low\":2100.0,\"high\":9000.0}"), json);
    assertTrue(json.contains("\"alone_p99_us\":{\"median\":240.0,"), json);
    assertTrue(json.contains("\"logins_per_second\":null,\"failure\":\"ERROR1040"), json);
  }

  @Test
  void aWayThatCouldNotDoItIsAFailureOfTheRun() throws Exception {
    assertFalse(report(TLS).hasFailures());
    assertTrue(report(TLS, FAILED).hasFailures());
  }
}
