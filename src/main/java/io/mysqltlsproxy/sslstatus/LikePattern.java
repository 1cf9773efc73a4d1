package io.mysqltlsproxy.sslstatus;

import java.util.BitSet;
import java.util.Locale;

/**
 * A pattern of LIKE, with {@code %}, {@code _} and backslash escapes, in which the case of letters
 * does not matter.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/refman/8.4/en/string-comparison-functions.html#operator_like">MySQL:
 *     LIKE</a>
 */
public record LikePattern(String text) {

  /** Whether it matches the whole of a name; takes length times length steps, whatever it says. */
  public boolean matches(String name) {
    String pattern = text.toLowerCase(Locale.ROOT);
    String candidate = name.toLowerCase(Locale.ROOT);
    // The lengths of the beginnings of the name that match the pattern so far.
    BitSet matched = new BitSet();
    matched.set(0);
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '%') {
        if (!matched.isEmpty()) {
          matched.set(matched.nextSetBit(0), candidate.length() + 1);
        }
        continue;
      }
      boolean escaped = c == '\\' && i + 1 < pattern.length();
      char literal = escaped ? pattern.charAt(++i) : c;
      BitSet next = new BitSet();
      for (int at = matched.nextSetBit(0); at >= 0; at = matched.nextSetBit(at + 1)) {
        boolean any = c == '_';
        if (at < candidate.length() && (any || candidate.charAt(at) == literal)) {
          next.set(at + 1);
        }
      }
      matched = next;
    }
    return matched.get(candidate.length());
  }
}
