package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the reports say first. */
class SummaryTest {
  private static Row row(String way, double p50, double noise) {
    Estimate time = new Estimate(p50, p50 - noise, p50 + noise);
    Estimate any = new Estimate(100, 90, 110);
    return new Row(
        way,
        Optional.empty(),
        Optional.of(new Figures(any, Optional.empty(), time, any, any, Optional.of(any), any)));
  }

  private static Table queries(double noise) {
    return new Table(
        Workload.pointSelect(),
        1,
        List.of(
            row(Ways.DIRECT, 50, noise),
            row(Ways.PROXY_PLAIN, 80, noise),
            row(Ways.PROXY_TLS, 86, noise)));
  }

  private static Table logins() {
    return new Table(
        Workload.connect(),
        1,
        List.of(
            row(Ways.DIRECT, 200, 1),
            row(Ways.PROXY_PLAIN, 500, 1),
            row(Ways.PROXY_TLS, 2500, 1),
            row(Ways.PROXY_TLS + ", P-256 key", 1500, 1)));
  }

  private static Report report(Table... tables) throws Exception {
    return ReportTest.report(0, List.of(), List.of(tables));
  }

  @Test
  void encryptionAndHopAreToldApart() throws Exception {
    assertEquals(
        List.of(
            "Encryption costs a query 6 µs (12 %) and a new connection 2.0 ms (10 times); a pool"
                + " that keeps its connections open pays the latter once.",
            "The way through the proxy costs a query 30 µs (60 %) and a new connection 300 µs"
                + " (150 %) besides, encrypted or not."),
        report(queries(1), logins()).findings().subList(0, 2));
  }

  @Test
  void aDifferenceWithinTheNoiseIsSaidToBeLess() throws Exception {
    assertEquals("Encryption costs a query less than 16 µs.", report(queries(5)).findings().get(0));
  }

  @Test
  void whatWasNotMeasuredIsNotSaid() throws Exception {
    assertEquals(List.of(), Summary.sentences(report()));
    assertFalse(Printed.page(report()).contains("class=\"answer\""));
    assertFalse(Printed.page(report(queries(1))).contains("class=\"whatif\""));
  }

  @Test
  void thePageBeginsWithWhatTheTerminalSays() throws Exception {
    Report report = report(queries(1), logins());
    String text = Printed.text(report);

    String page = Printed.page(report);
    for (String sentence : Summary.sentences(report)) {
      assertTrue(text.contains(sentence), text);
      assertTrue(page.contains(sentence), page);
    }
    assertTrue(page.indexOf("class=\"answer\"") < page.indexOf("<h2>"), page);
  }

  @Test
  void theCalculatorHasEachKindOfConnectionThatWasMeasured() throws Exception {
    String page = Printed.page(report(queries(1), logins()));

    assertTrue(page.contains(">a full handshake, RSA key</option>"), page);
    assertTrue(page.contains(">a full handshake, P-256 key</option>"), page);
    assertFalse(page.contains(">a resumed session</option>"), page);
    assertTrue(
        page.contains("{&quot;direct&quot;:50.0,&quot;hop&quot;:30.0,&quot;encryption&quot;:6.0}"),
        page);
    assertFalse(page.contains("http://") || page.contains("https://"), page);
  }
}
