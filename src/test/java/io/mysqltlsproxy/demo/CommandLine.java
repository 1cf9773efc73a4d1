package io.mysqltlsproxy.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The reader's own client: how it connects, and what {@code \s} says where it is installed. */
final class CommandLine {

  private CommandLine() {}

  static void show(Console console, Client client) {
    mariaDbStatus(client)
        .ifPresent(
            status -> {
              List<String> lines =
                  status
                      .lines()
                      .filter(line -> line.matches("(?i)(SSL|Current user|Server).*"))
                      .toList();
              console.step(
                  lines.stream().anyMatch(line -> line.matches("SSL:.*Cipher in use.*")),
                  "The mariadb client on this machine agrees: \\s");
              lines.forEach(
                  line ->
                      console.detail(
                          line.replaceFirst(":.*", "").toLowerCase(Locale.ROOT),
                          line.replaceFirst("^[^:]*:\\s*", "")));
            });
    console.text("\nYour own client:");
    console.text("  mariadb " + String.join(" ", mariaDb(client)));
    console.text("  mysql " + String.join(" ", mysql(client)));
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
            "--ssl-cert=" + client.certificates().clientCertificate(),
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
