package io.mysqltlsproxy.account;

/** {@code %} and {@code _} as in LIKE, with backslash escapes. */
final class Wildcards {
  private Wildcards() {}

  /** Takes at most length times length steps, whatever the pattern. */
  static boolean match(String pattern, String text) {
    int p = 0;
    int t = 0;
    int afterMany = -1;
    int retry = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '%') {
        afterMany = ++p;
        retry = t;
        continue;
      }
      int width = p < pattern.length() ? width(pattern, p) : 0;
      if (width > 0 && matchesOne(pattern, p, width, text.charAt(t))) {
        p += width;
        t++;
      } else if (afterMany >= 0) {
        p = afterMany;
        t = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '%') {
      p++;
    }
    return p == pattern.length();
  }

  private static int width(String pattern, int at) {
    return pattern.charAt(at) == '\\' && at + 1 < pattern.length() ? 2 : 1;
  }

  private static boolean matchesOne(String pattern, int at, int width, char c) {
    return width == 2
        ? pattern.charAt(at + 1) == c
        : pattern.charAt(at) == '_' || pattern.charAt(at) == c;
  }
}
