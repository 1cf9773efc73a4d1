package io.mysqltlsproxy.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code pom.xml} says that others repeat. */
final class PomVersion {
  private PomVersion() {}

  /** The program's version. */
  static String read() throws IOException {
    return first("<artifactId>mysql-tls-proxy</artifactId>\\s*<version>(.+?)</version>");
  }

  /** The day that all files of a build have, as {@code 2026-11-28}. */
  static String day() throws IOException {
    return first("<project.build.outputTimestamp>(.+?)T");
  }

  private static String first(String pattern) throws IOException {
    return first(Path.of("pom.xml"), pattern);
  }

  /** The first group of the first match in a file. */
  static String first(Path file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile("(?m)" + pattern).matcher(Files.readString(file));
    if (!matcher.find()) {
      throw new IllegalStateException(file + " has nothing like " + pattern);
    }
    return matcher.group(1);
  }
}
