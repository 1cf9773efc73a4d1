package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.ProxyCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MySQL 9.7's {@code mysql} in the official image. */
final class MysqlCli extends CommandLineClient implements AutoCloseable {
  private final ClientImage image = new ClientImage("mysql:9.7");

  MysqlCli() {
    super("MySQL 9.7 CLI", "mysql");
  }

  @Override
  public Optional<String> unavailable() {
    return image.unavailable();
  }

  @Override
  Tool.Result run(List<String> arguments, Map<String, String> environment, Path input, Path output)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c"));
    command.add("exec mysql \"$@\" <" + input + " >" + output);
    command.add("mysql");
    command.addAll(arguments);
    return image.run(command, environment);
  }

  @Override
  Tool.Result shell(Path script) throws IOException {
    return image.run(List.of("sh", script.toString()), Map.of());
  }

  @Override
  List<String> tlsOptions(Optional<ProxyCertificates> certificates) {
    List<String> options = new ArrayList<>(List.of("--commands"));
    if (certificates.isPresent()) {
      options.addAll(certificateOptions(certificates.get()));
      options.add("--ssl-mode=VERIFY_IDENTITY");
    } else {
      options.add("--ssl-mode=DISABLED");
      options.add("--get-server-public-key");
    }
    return options;
  }

  @Override
  public void close() {
    image.close();
  }
}
