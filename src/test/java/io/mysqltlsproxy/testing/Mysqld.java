package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A MySQL server program unpacked on this machine.
 *
 * @param name the product and its version
 * @param program the file of {@code mysqld}
 * @param environment what it needs in its environment
 * @param options what it needs among its options, e.g. {@code --lc-messages-dir}
 */
record Mysqld(String name, Path program, Map<String, String> environment, List<String> options) {

  /** Whether the program runs on this machine at all. */
  boolean runs() {
    try {
      Process process = process(List.of("--version")).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Starts a server on a copy of {@code data}.
   *
   * @param place where it runs, and root connects from
   * @throws IOException when it does not start, with the tail of its error log
   */
  TestServer start(Place place, Path data, String... moreOptions) throws IOException {
    Path directory = Files.createTempDirectory("mysqld-");
    ServerFiles.copy(data, directory.resolve("data"));
    Path socket = directory.resolve("mysql.sock");
    int port = port(moreOptions);
    List<String> arguments = new ArrayList<>();
    arguments.add("--datadir=" + directory.resolve("data"));
    arguments.add("--socket=" + socket);
    arguments.add("--port=" + port);
    arguments.add("--bind-address=" + place.address().getHostAddress());
    if (!place.equals(Place.LOOPBACK)) {
      arguments.add("--init-file=" + rootFrom(place.clientHost(), directory));
    }
    arguments.addAll(List.of(moreOptions));
    ProcessBuilder builder = process(arguments);
    builder.command().addAll(0, place.prefix());
    ServerProcess process = ServerProcess.start(name, builder, directory);
    InetSocketAddress address = new InetSocketAddress(place.address(), port);
    return new RunningServer(name, address, Optional.of(socket), process::close)
        .withoutAnonymousAccounts();
  }

  /** The one that the options name, or a free one. */
  private static int port(String... options) throws IOException {
    String name = "--port=";
    for (String option : options) {
      if (option.startsWith(name)) {
        return Integer.parseInt(option.substring(name.length()));
      }
    }
    return FreePort.find();
  }

  private static Path rootFrom(String host, Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("root.sql"),
        "GRANT ALL ON *.* TO 'root'@'" + host + "' WITH GRANT OPTION;\n");
  }

  /**
   * The command with its environment; {@code --no-defaults} keeps this machine's option files out.
   */
  ProcessBuilder process(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add("--no-defaults");
    command.add("--user=" + System.getProperty("user.name"));
    command.addAll(options);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder;
  }
}
