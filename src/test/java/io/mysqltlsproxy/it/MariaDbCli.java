package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.ProxyCertificates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code mariadb} program of this machine. */
final class MariaDbCli extends CommandLineClient {

  MariaDbCli() {
    super("MariaDB CLI", "mariadb");
  }

  @Override
  public Optional<String> unavailable() {
    return Tool.succeeds(List.of("mariadb", "--version"), Map.of())
        ? Optional.empty()
        : Optional.of("mariadb is not installed: src/test/bin/install-tools");
  }

  @Override
  Tool.Result run(
      List<String> arguments, Map<String, String> environment, Path input, Path output) {
    List<String> command = new ArrayList<>(List.of("mariadb"));
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

  @Override
  List<String> tlsOptions(Optional<ProxyCertificates> certificates) {
    List<String> options = new ArrayList<>();
    if (certificates.isPresent()) {
      options.addAll(certificateOptions(certificates.get()));
      options.add("--ssl-verify-server-cert");
    } else {
      options.add("--skip-ssl");
    }
    return options;
  }
}
