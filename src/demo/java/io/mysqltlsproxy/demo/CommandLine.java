package io.mysqltlsproxy.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The reader's own client: how it connects, and what {@code \s} says where it is installed. */
final class CommandLine {

  private static final Pattern STATUS_LINE =
      Pattern.compile("(Connection id|Current user|SSL|Server version):.*");

  private CommandLine() {}

  static void show(Console console, Client client) {
    mariaDbStatus(client).ifPresent(status -> showStatus(console, status));
    console.text("\nYour own client:");
    console.text(lines("  mariadb", mariaDb(client)));
    console.text(lines("  mysql", mysql(client)));
  }

  private static void showStatus(Console console, String status) {
    boolean encrypted = status.contains("Cipher in use is");
    console.step(encrypted, "The mariadb client of this machine, asked with \\s");
    status
        .lines()
        .filter(line -> !encrypted || STATUS_LINE.matcher(line).matches())
        .forEach(line -> console.text("    " + line.replaceFirst("\t+", "\t")));
  }

  /** A command as a shell reads it, two options to a line. */
  static String lines(String program, List<String> options) {
    StringBuilder text = new StringBuilder(program);
    for (int i = 0; i < options.size(); i++) {
      text.append(i % 2 == 0 ? " \\\n      " : " ").append(options.get(i));
    }
    return text.toString();
  }

  private static List<String> mariaDb(Client client) {
    List<String> options = common(client);
    options.add("--ssl-verify-server-cert");
    return options;
  }

  private static List<String> mysql(Client client) {
    List<String> options = common(client);
    options.add("--ssl-mode=VERIFY_IDENTITY");
    return options;
  }

  private static List<String> common(Client client) {
    return new ArrayList<>(
        List.of(
            "--host=127.0.0.1",
            "--port=" + client.port(),
            "--user=" + client.user(),
            "--password=" + client.password(),
            "--ssl-ca=" + client.certificates().ca(),
            "--ssl-cert=" + client.certificates().clientCert(),
            "--ssl-key=" + client.certificates().clientKey()));
  }

  private static Optional<String> mariaDbStatus(Client client) {
    List<String> command = new ArrayList<>(List.of("mariadb", "--no-defaults"));
    command.addAll(mariaDb(client));
    command.addAll(List.of("-e", "\\s"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return Optional.of(
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
