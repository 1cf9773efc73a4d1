package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What the reports say first. */
class SummaryTest {
  private static Row row(String way, double... p50) {
    Estimate any = new Estimate(100, 90, 110);
    List<Double> times = DoubleStream.of(p50).boxed().toList();
    return new Row(
        way,
        Optional.empty(),
        Optional.of(
            new Figures(
                any,
                Optional.empty(),
                Estimate.of(times),
                any,
                any,
                Optional.of(any),
                any,
                times)));
  }

  private static Table queries(Row direct, Row plain, Row tls) {
    return new Table(Workload.pointSelect(), 1, List.of(direct, plain, tls));
  }

  /** Everything slows down from round to round, the cost of encryption stays. */
  private static Table queries() {
    return queries(
        row(Ways.DIRECT, 40, 50, 90),
        row(Ways.PROXY_PLAIN, 70, 80, 120),
        row(Ways.PROXY_TLS, 76, 86, 126));
  }

  private static Table noisyQueries() {
    return queries(
        row(Ways.DIRECT, 49, 50, 51),
        row(Ways.PROXY_PLAIN, 79, 80, 88),
        row(Ways.PROXY_TLS, 90, 86, 81));
  }

  private static Table logins() {
    return new Table(
        Workload.connect(),
        1,
        List.of(
            row(Ways.DIRECT, 200),
            row(Ways.PROXY_PLAIN, 500),
            row(Ways.PROXY_TLS, 2500),
            row(Ways.PROXY_TLS + ", P-256 key", 1500)));
  }

  private static Report report(Table... tables) throws Exception {
    return ReportTest.report(0, List.of(), List.of(tables));
  }

  @Test
  void encryptionAndHopAreToldApart() throws Exception {
    assertEquals(
        List.of(
            "Encryption costs 6 µs (12 %) per query and 2.0 ms per new connection; a pool that"
                + " keeps its connections open pays the latter once.",
            "The way through the proxy costs 30 µs (60 %) per query and 300 µs per new connection"
                + " besides, encrypted or not. Measured with the shortest of queries, one row by"
                + " its key on this machine: others pay the same microseconds, which are a smaller"
                + " share of theirs."),
        report(queries(), logins()).findings().subList(0, 2));
  }

  @Test
  void aDifferenceWithinTheNoiseIsSaidToBeLessThanThat() throws Exception {
    assertEquals(
        "Encryption costs less than the noise (at most 11 µs) per query.",
        report(noisyQueries()).findings().get(0));
  }

  @Test
  void whatTheNoiseMayHideIsHatchedInThePictureAndARangeAboveIt() throws Exception {
    String page = Printed.page(report(noisyQueries()));

    assertTrue(page.contains("A query: <b>80 µs to 91 µs</b> instead of 50 µs"), page);
    assertTrue(page.contains("<span class=\"hop\" style=\"width:32.97%\">"), page);
    assertTrue(page.contains("<span class=\"encryption unsure\" style=\"width:12.09%\">"), page);
  }

  @Test
  void whatWasNotMeasuredIsNotSaid() throws Exception {
    assertEquals(List.of(), Summary.sentences(report()));
    assertFalse(Printed.page(report()).contains("class=\"answer\""));
    assertFalse(Printed.page(report(queries())).contains("class=\"whatif\""));
  }

  @Test
  void thePageBeginsWithWhatTheTerminalSays() throws Exception {
    Report report = report(queries(), logins());
    String text = Printed.text(report);

    String page = Printed.page(report).replace('\u00a0', ' ');
    for (String sentence : Summary.sentences(report)) {
      assertTrue(text.contains(sentence), text);
      assertTrue(page.contains(sentence), page);
    }
    assertTrue(page.indexOf("class=\"answer\"") < page.indexOf("<h2>"), page);
  }

  @Test
  void theCalculatorHasEachKindOfConnectionThatWasMeasured() throws Exception {
    String page = Printed.page(report(queries(), logins()));

    assertTrue(page.contains(">a full handshake, RSA key</option>"), page);
    assertTrue(page.contains(">a full handshake, P-256 key</option>"), page);
    assertFalse(page.contains(">a resumed session</option>"), page);
    assertTrue(
        page.contains(
            "{&quot;direct&quot;:[50.0,50.0],&quot;hop&quot;:[30.0,30.0],&quot;encryption&quot;:[6.0,6.0]}"),
        page);
    assertFalse(page.contains("http://") || page.contains("https://"), page);
  }
}
