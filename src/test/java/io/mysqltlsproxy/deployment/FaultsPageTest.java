package io.mysqltlsproxy.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.connection.CloseReason;
import io.mysqltlsproxy.option.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/faults.md quotes is what the program says and counts, word for word. */
class FaultsPageTest {
  private static final Path PAGE = Path.of("docs", "faults.md");
  private static final Path MONITORING = Path.of("docs", "monitoring.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!fault|-).*\\|$");
  private static final Pattern QUOTE = Pattern.compile("`([^`]+)`");
  private static final Pattern METRIC =
      Pattern.compile("`([a-z]+(?:_[a-z]+)+)(?:\\{reason=\"([a-z_]+)\"})?`");
  private static final Pattern OPTION = Pattern.compile("--([a-z-]+)");
  private static final Pattern LITERAL = Pattern.compile("\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"");

  /** Shorter pieces of a message than this prove nothing, unless they are a whole literal. */
  private static final int MIN_PIECE = 10;

  @Test
  void everyMessageIsMadeOfWhatTheProgramSays() throws IOException {
    List<String> literals = literals();
    List<String> unknown = new ArrayList<>();
    for (String quote : quotes().toList()) {
      if (quote.contains(" ")) {
        Stream.of(quote.split("…"))
            .filter(part -> !part.isBlank() && !isMadeOf(part, literals))
            .forEach(unknown::add);
      }
    }

    assertEquals(List.of(), unknown);
  }

  @Test
  void everyMetricIsOnThePageOfMetricsAndCountsThatReason() throws IOException {
    String monitoring = Files.readString(MONITORING);
    Map<String, CloseReason> reasons =
        Stream.of(CloseReason.values())
            .collect(Collectors.toMap(CloseReason::label, Function.identity()));
    List<String> wrong = new ArrayList<>();
    for (MatchResult metric : rows().flatMap(row -> METRIC.matcher(row).results()).toList()) {
      CloseReason reason = reasons.get(String.valueOf(metric.group(2)));
      boolean counts =
          metric.group(2) == null
              || (reason != null
                  && (metric.group(1).equals("closes_total")
                      || metric.group(1).equals("refusals_total") == reason.isRefusal()));
      boolean known =
          monitoring.contains("`mysql_tls_proxy_" + metric.group(1) + "`")
              || metric.group(1).equals("max_allowed_packet");
      if (!known || !counts) {
        wrong.add(metric.group());
      }
    }

    assertEquals(List.of(), wrong);
  }

  @Test
  void everyOptionIsOne() throws IOException {
    List<String> options = Options.ALL.stream().map(option -> option.name()).toList();

    quotes()
        .flatMap(quote -> OPTION.matcher(quote).results())
        .forEach(option -> assertTrue(options.contains(option.group(1)), option.group()));
  }

  /** From left to right, the longest piece at a time that is in a literal, none of them a scrap. */
  private static boolean isMadeOf(String text, List<String> literals) {
    String rest = text;
    while (!rest.isEmpty()) {
      String left = rest;
      int length = left.length();
      while (length > 0 && !isIn(left.substring(0, length), literals)) {
        length--;
      }
      if (length < Math.min(MIN_PIECE, left.length())
          && !literals.contains(left.substring(0, length))) {
        return false;
      }
      rest = left.substring(length);
    }
    return true;
  }

  private static boolean isIn(String piece, List<String> literals) {
    return literals.stream().anyMatch(literal -> literal.contains(piece));
  }

  private static Stream<String> quotes() throws IOException {
    return rows().flatMap(row -> QUOTE.matcher(row).results()).map(quote -> quote.group(1));
  }

  private static Stream<String> rows() throws IOException {
    return ROW.matcher(Files.readString(PAGE)).results().map(MatchResult::group);
  }

  /** The program's, with those joined that stand one behind the other. */
  private static List<String> literals() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      List<String> literals = new ArrayList<>();
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
        LITERAL.matcher(source).results().forEach(literal -> literals.add(literal.group(1)));
      }
      literals.add("the client");
      literals.add("the server");
      return literals;
    }
  }
}
