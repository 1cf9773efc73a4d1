package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.overhead.LineChart.Line;
import io.mysqltlsproxy.overhead.LineChart.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LineChartTest {
  private static final Pattern DOT = Pattern.compile("<circle class=\"(\\w+)\" cx=\"([\\d.]+)\"");
  private static final Pattern GRID = Pattern.compile("class=\"grid\" d=\"M\\d+ ([\\d.]+)H");
  private static final Pattern WIDTH = Pattern.compile("class=\"grid\" d=\"M(\\d+) [\\d.]+H(\\d+)");
  private static final Pattern TEXT =
      Pattern.compile("x=\"([\\d.]+)\" y=\"([\\d.]+)\">(way \\d|clients)</text>");
  private static final Pattern NAME = Pattern.compile("y=\"([\\d.]+)\">way \\d</text>");

  @Test
  void eachEightfoldNumberOfClientsIsAsFarAway() {
    String svg = new LineChart("queries/s", "clients", "", true).svg(List.of(line(1, 100)));

    List<Double> places = DOT.matcher(svg).results().map(dot -> number(dot, 2)).toList();

    assertEquals(4, places.size(), svg);
    assertEquals(places.get(1) - places.get(0), places.get(2) - places.get(1), 0.2);
    assertEquals(places.get(2) - places.get(1), places.get(3) - places.get(2), 0.2);
  }

  @Test
  void namesOfLinesThatMeetCanBeRead() {
    String svg =
        new LineChart("queries/s", "clients", "", true)
            .svg(List.of(line(1, 0.1), line(2, 0.1), line(3, 0.2), line(4, 100)));

    List<Double> heights =
        NAME.matcher(svg).results().map(name -> number(name, 1)).sorted().toList();

    assertEquals(4, heights.size(), svg);
    for (int i = 1; i < heights.size(); i++) {
      assertTrue(heights.get(i) - heights.get(i - 1) >= 14, heights::toString);
    }
  }

  @Test
  void namesAndTheLabelOfTheAxisAreOutsideThePlot() {
    Line whole = line(1, 100);
    Line brokenOff = new Line("way 2", "tls1", List.of(new Point(1, new Estimate(5, 4, 6))));

    String svg =
        new LineChart("queries/s", "clients", "", true).svg(List.of(whole, brokenOff, line(3, 0)));

    double right = number(DOT.matcher(svg).results().skip(3).findFirst().orElseThrow(), 2);
    double bottom = number(GRID.matcher(svg).results().findFirst().orElseThrow(), 1);
    List<MatchResult> texts = TEXT.matcher(svg).results().toList();
    assertTrue(texts.size() >= 4, svg);
    List<Double> heights = new ArrayList<>();
    for (MatchResult text : texts) {
      boolean isName = text.group(3).startsWith("way ");
      assertTrue(isName ? number(text, 1) > right : number(text, 2) > bottom, text.group());
      heights.add(number(text, 2));
    }
    heights.sort(null);
    for (int i = 1; i < heights.size(); i++) {
      assertTrue(heights.get(i) - heights.get(i - 1) >= 12, heights::toString);
    }
  }

  @Test
  void noPointIsOnTheAxisOrTheEdge() {
    Line line = line(1, 100);
    Line lone = new Line("way 2", "tls1", List.of(new Point(1, new Estimate(5, 4, 6))));
    for (List<Line> lines : List.of(List.of(line), List.of(lone))) {
      String svg = new LineChart("queries/s", "clients", "", true).svg(lines);

      MatchResult grid = WIDTH.matcher(svg).results().findFirst().orElseThrow();
      for (MatchResult dot : DOT.matcher(svg).results().toList()) {
        assertTrue(number(dot, 2) > number(grid, 1) + 10, svg);
        assertTrue(number(dot, 2) < number(grid, 2) - 10, svg);
      }
    }
  }

  @Test
  void aNameIsNoMarkup() {
    Line line = new Line("<b>", "other0", line(1, 1).points());

    String svg = new LineChart("a & b", "clients", "", true).svg(List.of(line));

    assertTrue(svg.contains(">&lt;b&gt;</text>"), svg);
    assertTrue(svg.contains(">a &amp; b</text>"), svg);
  }

  private static Line line(int number, double value) {
    Estimate estimate = new Estimate(value, value * 0.9, value * 1.1);
    List<Point> points =
        List.of(
            new Point(1, estimate),
            new Point(8, estimate),
            new Point(64, estimate),
            new Point(512, estimate));
    return new Line("way " + number, "other0", points);
  }

  private static double number(MatchResult found, int group) {
    return Double.parseDouble(found.group(group));
  }
}
