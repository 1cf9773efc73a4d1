package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code bin/mysql-tls-proxy certs}.
 *
 * @param directory where it makes its files
 */
record CertsProgram(Path directory) {

  /** Runs it, and gives what it prints. */
  String run(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of("bin", "mysql-tls-proxy").toAbsolutePath().toString());
    command.add("certs");
    command.addAll(List.of(words));
    command.add("--dir=" + directory);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Tool.Result result = Tool.run(process);
    assertEquals(0, result.status(), result::error);
    return result.text();
  }

  /** One of its files. */
  String file(String name) {
    return directory.resolve(name).toString();
  }

  /** Runs openssl, which must succeed, in the directory. */
  String openssl(String... words) throws IOException {
    Tool.Result result = tryOpenssl(words);
    assertEquals(0, result.status(), () -> result.text() + result.error());
    return result.text();
  }

  Tool.Result tryOpenssl(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words));
    return Tool.run(new ProcessBuilder(command).directory(directory.toFile()));
  }

  /** The line behind a heading, without its indentation. */
  static String lineBehind(String heading, String text) {
    List<String> lines = text.lines().map(String::strip).toList();
    return lines.get(lines.indexOf(heading) + 1);
  }
}
