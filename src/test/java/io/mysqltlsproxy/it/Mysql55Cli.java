package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.ProxyCertificates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MySQL 5.5.9's {@code mysql}, built without OpenSSL. */
final class Mysql55Cli extends CommandLineClient {

  Mysql55Cli() {
    super("MySQL 5.5.9 CLI", "mysql");
  }

  private static String program() {
    return Mysql55.home().resolve("bin/mysql").toString();
  }

  @Override
  public Optional<String> unavailable() {
    Optional<String> server = Mysql55.unavailable();
    if (server.isPresent()) {
      return server;
    }
    return Tool.succeeds(List.of(program(), "--version"), Map.of())
        ? Optional.empty()
        : Optional.of(program() + " does not run here; it needs Debian's libncurses5");
  }

  @Override
  Tool.Result run(
      List<String> arguments, Map<String, String> environment, Path input, Path output) {
    List<String> command = new ArrayList<>(List.of(program()));
    command.addAll(arguments);
    ProcessBuilder process =
        new ProcessBuilder(command).redirectInput(input.toFile()).redirectOutput(output.toFile());
    process.environment().putAll(environment);
    return Tool.run(process);
  }

  @Override
  Tool.Result shell(Path script) {
    return Tool.run("sh", script.toString());
  }

  /** It has none. */
  @Override
  List<String> tlsOptions(Optional<ProxyCertificates> certificates) {
    return List.of();
  }
}
