package io.mysqltlsproxy.option;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The options of one command.
 *
 * @param command whose they are: {@code run}
 * @param group of the option file: {@code mysql-tls-proxy}
 * @param all in the order of {@code --help}
 */
public record OptionSet(String command, String group, List<Option<?>> all) {
  /** TLS towards the clients. */
  public static final OptionSet RUN = new OptionSet("run", "mysql-tls-proxy", Options.ALL);

  /** TLS towards the server. */
  public static final OptionSet CONNECT =
      new OptionSet("connect", "mysql-tls-proxy-connect", ConnectOptions.ALL);

  private static final List<OptionSet> SETS = List.of(RUN, CONNECT);

  public OptionSet {
    all = List.copyOf(all);
  }

  /** Those that a command line means: of {@code connect}, or {@code check connect}; else of run. */
  public static OptionSet of(List<String> arguments) {
    return arguments.stream().limit(2).anyMatch(CONNECT.command::equals) ? CONNECT : RUN;
  }

  /** Those that a command has. */
  public static OptionSet of(CommandSpec command) {
    return command.name().equals(CONNECT.command) ? CONNECT : RUN;
  }

  /** Whether a group of an option file is that of any command. */
  static boolean isGroup(String name) {
    return SETS.stream().anyMatch(set -> set.group.equals(name));
  }

  /** The option with this name. */
  public Optional<Option<?>> find(String name) {
    return all.stream().filter(option -> option.name().equals(name)).findFirst();
  }

  /** The other command that has an option with this name, which this one has not. */
  Optional<String> commandWith(String name) {
    return SETS.stream()
        .filter(set -> find(name).isEmpty() && set.find(name).isPresent())
        .map(OptionSet::command)
        .findFirst();
  }
}
