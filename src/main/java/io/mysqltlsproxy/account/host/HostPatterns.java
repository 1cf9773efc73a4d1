package io.mysqltlsproxy.account.host;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many patterns with {@code %} and {@code _}, as in LIKE with backslash escapes, in one tree of
 * characters: a text is matched against all of them at once.
 */
public final class HostPatterns {
  /** No pattern matches. */
  static final int NONE = Integer.MAX_VALUE;

  private static final class Node {
    private final Map<Character, Node> literals = new HashMap<>(4);
    private @Nullable Node one;
    private @Nullable Node many;

    /** The number of the pattern that ends here. */
    private int here = NONE;

    /** The least number here or below, so that a search leaves out what cannot better it. */
    private int least = NONE;
  }

  private final Node root = new Node();

  /** Adds a pattern; of several that match, the one with the least number is found. */
  void add(String pattern, int number) {
    Node node = root;
    node.least = Math.min(node.least, number);
    for (int i = 0; i < pattern.length(); i++) {
      node = child(node, pattern, i);
      node.least = Math.min(node.least, number);
      i += isEscape(pattern, i) ? 1 : 0;
    }
    node.here = Math.min(node.here, number);
  }

  private static Node child(Node node, String pattern, int at) {
    char c = pattern.charAt(at);
    if (c == '%') {
      node.many = node.many == null ? new Node() : node.many;
      return node.many;
    }
    if (c == '_') {
      node.one = node.one == null ? new Node() : node.one;
      return node.one;
    }
    char literal = isEscape(pattern, at) ? pattern.charAt(at + 1) : c;
    return node.literals.computeIfAbsent(literal, key -> new Node());
  }

  private static boolean isEscape(String pattern, int at) {
    return pattern.charAt(at) == '\\' && at + 1 < pattern.length();
  }

  /** The least number of a pattern that matches the whole text, or {@link #NONE}. */
  int first(String text) {
    return new Search(text).from(root, 0, NONE);
  }

  /** Takes at most length times nodes steps, whatever the patterns. */
  private static final class Search {
    private final String text;

    /** From which position on each place behind a {@code %} was searched. */
    private final Map<Node, Integer> searched = new HashMap<>(4);

    Search(String text) {
      this.text = text;
    }

    /** The least of what was found before and what matches the text from this position on. */
    int from(Node node, int at, int before) {
      if (node.least >= before) {
        return before;
      }
      int found = before;
      if (at == text.length()) {
        found = Math.min(found, node.here);
      } else {
        Node literal = node.literals.get(text.charAt(at));
        found = literal == null ? found : from(literal, at + 1, found);
        found = node.one == null ? found : from(node.one, at + 1, found);
      }
      return node.many == null ? found : behindMany(node.many, at, found);
    }

    private int behindMany(Node node, int at, int before) {
      int end = searched.getOrDefault(node, text.length() + 1);
      int found = before;
      searched.put(node, Math.min(at, end));
      for (int i = at; i < end; i++) {
        found = from(node, i, found);
      }
      return found;
    }
  }
}
