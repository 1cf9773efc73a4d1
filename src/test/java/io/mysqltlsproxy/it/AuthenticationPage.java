package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.it.AuthenticationMatrix.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The page of results, which {@link AuthenticationMatrixIT} writes and keeps true. */
final class AuthenticationPage {
  private static final Path PAGE = Path.of("docs/authentication.md");

  private AuthenticationPage() {}

  /** Holds a server's section against what was found, or writes it with -Dregenerate=true. */
  static void check(ServerKind kind, List<Client> clients, List<Cell> cells) throws IOException {
    String section = section(kind, clients, cells);
    String page = Files.readString(PAGE);
    String begin = "## " + kind + "\n";
    int start = page.indexOf(begin);
    if (start < 0) {
      start = page.length();
    }
    int next = page.indexOf("\n## ", start + 1);
    int end = next < 0 ? page.length() : next + 1;
    if (Boolean.getBoolean("regenerate")) {
      String written = page.substring(0, start) + section + page.substring(end);
      Files.writeString(PAGE, written.stripTrailing() + "\n");
      return;
    }
    assertEquals(
        section.strip(),
        page.substring(start, end).strip(),
        PAGE + " differs from what was found; run AuthenticationMatrixIT with -Dregenerate=true");
  }

  private static String section(ServerKind kind, List<Client> clients, List<Cell> cells) {
    StringBuilder section = new StringBuilder("## " + kind + "\n\n| |");
    clients.forEach(client -> section.append(' ').append(client).append(" |"));
    section.append("\n|---|").append("---|".repeat(clients.size())).append('\n');
    List<String> notes = new ArrayList<>();
    for (MatrixPlugin plugin : MatrixPlugin.of(kind)) {
      section.append("| ").append(plugin).append(" |");
      for (Client client : clients) {
        List<Cell> found =
            cells.stream()
                .filter(c -> c.client().equals(client) && c.combination().plugin() == plugin)
                .toList();
        section.append(' ').append(summary(found, notes)).append(" |");
      }
      section.append('\n');
    }
    section.append('\n').append(cells.size()).append(" attempts through the proxy.\n");
    for (int i = 0; i < notes.size(); i++) {
      section.append(i == 0 ? "\n" : "").append(i + 1).append(". ").append(notes.get(i));
      section.append('\n');
    }
    return section.append('\n').toString();
  }

  /** A word, and a note for what is not as one would wish. */
  private static String summary(List<Cell> cells, List<String> notes) {
    boolean comesIn = true;
    Map<String, Set<String>> passwordsByReason = new LinkedHashMap<>();
    for (Cell cell : cells) {
      MatrixPassword password = cell.combination().password();
      if (cell.comesIn() != password.isRight()) {
        comesIn &= password != MatrixPassword.RIGHT;
        passwordsByReason
            .computeIfAbsent(shown(cell.throughTheProxy()), reason -> new LinkedHashSet<>())
            .add(password.toString());
      }
    }
    String word = comesIn ? "yes" : "no";
    if (passwordsByReason.isEmpty()) {
      return word;
    }
    List<String> lines = new ArrayList<>();
    passwordsByReason.forEach(
        (reason, passwords) -> lines.add(String.join(", ", passwords) + ": " + reason));
    return word + note(String.join("; ", lines), notes);
  }

  private static String note(String text, List<String> notes) {
    if (!notes.contains(text)) {
      notes.add(text);
    }
    return " (" + (notes.indexOf(text) + 1) + ")";
  }

  private static String shown(String outcome) {
    return outcome
        .replaceAll("'[a-z0-9]+_[a-z0-9]+'@", "'…'@")
        .replaceAll(": /.*|\\. See .*| \\(mysql-tls-proxy: .*", "")
        .replaceAll("\\s+", " ")
        .strip()
        .replaceAll("[|<>*_`]", "\\\\$0");
  }
}
