package io.mysqltlsproxy.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say of the program, as far as the program's own text can tell. */
class DocumentationTest {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern ANCHOR = Pattern.compile("\\]\\(([^)#:]*)#([^)]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern MESSAGE = Pattern.compile("(?m)^### `(.+)`$");
  private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][A-Za-z0-9]+)`");

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Path directory = Path.of("").resolve(page).toAbsolutePath().getParent();
      for (MatchResult link : matches(LINK, Files.readString(page))) {
        if (directory == null || Files.notExists(directory.resolve(link.group(1)))) {
          broken.add(page + ": " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyLinkToAHeadingLeadsToOne() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      for (MatchResult link : matches(ANCHOR, Files.readString(page))) {
        Path target =
            link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
        if (!anchors(target).contains(link.group(2))) {
          broken.add(page + ": " + target + "#" + link.group(2));
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  /** The names that GitHub gives to a page's headings. */
  private static Set<String> anchors(Path page) throws IOException {
    return matches(HEADING, Files.readString(page)).stream()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void theReadmeLeadsToEveryPage() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    List<Path> unlinked =
        pages().stream()
            .filter(page -> page.startsWith("docs"))
            .filter(page -> !readme.contains("](" + page + ")"))
            .toList();

    assertEquals(List.of(), unlinked);
  }

  @Test
  void theProgramProducesEveryMessageOfTroubleshooting() throws IOException {
    String program = joined(sources());
    List<MatchResult> messages = matches(MESSAGE, Files.readString(docs("troubleshooting.md")));
    assertFalse(messages.isEmpty());

    List<String> unknown =
        messages.stream()
            .flatMap(message -> Pattern.compile("…").splitAsStream(message.group(1)))
            .map(part -> part.replaceAll("^[ '(]+|[ ')]+$", ""))
            .filter(part -> !program.contains(part))
            .toList();

    assertEquals(List.of(), unknown);
  }

  @Test
  void everyClassThatArchitectureNamesIsThere() throws IOException {
    Set<String> classes;
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      classes =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .collect(Collectors.toSet());
    }
    // Members: of Decision, AuthenticationRelay and ClientPhase.
    classes.addAll(Set.of("Admitted", "LoggedIn", "Closed"));

    List<String> unknown =
        matches(CLASS_NAME, Files.readString(docs("architecture.md"))).stream()
            .map(match -> match.group(1))
            .filter(name -> !classes.contains(name))
            .toList();

    assertEquals(List.of(), unknown);
  }

  private static Path docs(String page) {
    return Path.of("docs", page);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> root = Files.list(Path.of("."));
        Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(root, docs).filter(page -> page.toString().endsWith(".md")).toList();
    }
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static String sources() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  /** Literals that are added up over several lines, in one. */
  private static String joined(String source) {
    return source.replaceAll("\"\\s*\\+\\s*\"", "");
  }
}
