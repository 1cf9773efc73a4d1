package io.mysqltlsproxy;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.Option.BadValue;
import io.mysqltlsproxy.option.Option.Check;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.overhead.Account;
import io.mysqltlsproxy.overhead.Settings;
import io.mysqltlsproxy.overhead.Settings.Other;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The flags of {@code overhead}, and what they come to. */
final class OverheadFlags {
  static final String OVERHEAD = "overhead";
  static final String BACKEND = "--backend";
  static final String USER = "--user";
  static final String PASSWORD_FILE = "--password-file";
  static final String DATABASE = "--database";
  static final String QUERY = "--query";
  static final String CLIENTS = "--clients";
  static final String ROUNDS = "--rounds";
  static final String TIME = "--time";
  static final String TARGET = "--target";
  static final String QUICK = "--quick";
  static final String OUTPUT = "--output";

  private static final Duration QUICK_TIME = Duration.ofMillis(500);
  private static final int QUICK_ROUNDS = 3;
  private static final List<Integer> QUICK_CLIENTS = List.of(1, 8);
  private static final int MOST_CLIENTS = 4096;
  private static final int MOST_ROUNDS = 1000;
  private static final int MOST_SECONDS = 3600;
  private static final String PASSWORD_VARIABLE = "MYSQL_PWD";

  private final ParseResult parsed;

  OverheadFlags(ParseResult parsed) {
    this.parsed = parsed;
  }

  static CommandSpec overhead() {
    CommandSpec overhead =
        Commands.command(
            OVERHEAD,
            "Measures what TLS costs on this machine with this server: straight to it, through the"
                + " proxy without TLS, and with each kind of it.");
    add(overhead, BACKEND, "ADDR", "127.0.0.1:3306", "the server: HOST:PORT or unix:/PATH");
    add(overhead, USER, "NAME", "root", "who logs in, without a REQUIRE of the server's own");
    add(overhead, PASSWORD_FILE, "FILE", "", "holds the password; else MYSQL_PWD does, or none");
    add(
        overhead,
        DATABASE,
        "NAME",
        "test",
        "where the user may CREATE TEMPORARY TABLES, for the point selects");
    add(overhead, QUERY, "SQL", "", "measured in place of the point selects");
    add(overhead, CLIENTS, "LIST", "1,8,64", "how many clients at a time");
    add(overhead, ROUNDS, "N", "5", "how often everything is measured");
    add(overhead, TIME, "S", "2", "seconds of each run");
    overhead.addOption(
        OptionSpec.builder(TARGET)
            .paramLabel("NAME=HOST:PORT[,plain][,pid=N]")
            .type(String[].class)
            .arity("1")
            .description(
                "one more way to the same server, such as another proxy: with TLS unless plain, and"
                    + " with the CPU time of that process; may be given several times")
            .build());
    overhead.addOption(
        OptionSpec.builder(QUICK)
            .description("within a minute: fewer ways, workloads and clients, 3 rounds of 0.5 s")
            .build());
    add(
        overhead,
        OUTPUT,
        "PREFIX",
        "overhead",
        "writes PREFIX.html, PREFIX.csv and PREFIX.json, over older ones");
    return overhead;
  }

  private static void add(
      CommandSpec command, String name, String label, String initial, String description) {
    OptionSpec.Builder option =
        OptionSpec.builder(name).paramLabel(label).type(String.class).description(description);
    if (!initial.isEmpty()) {
      option.defaultValue(initial).description(description + "; " + initial + " by default");
    }
    command.addOption(option.build());
  }

  /** What the names of the files begin with that are written. */
  String output() {
    return text(OUTPUT);
  }

  /**
   * What is to be measured.
   *
   * @throws OptionException for the first flag that cannot be used
   */
  Settings settings(Map<String, String> environment) throws OptionException {
    boolean quick = parsed.hasMatchedOption(QUICK);
    List<Integer> clients = new ArrayList<>();
    for (String number : text(CLIENTS).split(",", -1)) {
      clients.add(read(CLIENTS, number.strip(), upTo(MOST_CLIENTS)));
    }
    int rounds = read(ROUNDS, text(ROUNDS), upTo(MOST_ROUNDS));
    Duration time = Duration.ofSeconds(read(TIME, text(TIME), upTo(MOST_SECONDS)));
    List<Other> others = new ArrayList<>();
    for (String target : parsed.matchedOptionValue(TARGET, new String[0])) {
      others.add(read(TARGET, target, OverheadFlags::other));
    }
    return new Settings(
        read(BACKEND, text(BACKEND), Backend::parse),
        new Account(text(USER), password(parsed, environment), text(DATABASE)),
        Optional.ofNullable(parsed.matchedOptionValue(QUERY, (String) null)),
        quick && !parsed.hasMatchedOption(CLIENTS) ? QUICK_CLIENTS : clients,
        quick && !parsed.hasMatchedOption(ROUNDS) ? QUICK_ROUNDS : rounds,
        quick && !parsed.hasMatchedOption(TIME) ? QUICK_TIME : time,
        quick,
        others);
  }

  private String text(String flag) {
    return parsed.commandSpec().findOption(flag).getValue();
  }

  private static <T> T read(String flag, String text, Check<T> check) throws OptionException {
    try {
      return check.parse(text);
    } catch (BadValue e) {
      throw new OptionException(flag + "=" + text + ": " + e.getMessage());
    }
  }

  private static Check<Integer> upTo(int most) {
    return text -> {
      // Digits only, and no more than an int has.
      if (text.matches("[0-9]{1,9}")) {
        int number = Integer.parseInt(text);
        if (number >= 1 && number <= most) {
          return number;
        }
      }
      throw new BadValue("no such number", "give whole numbers from 1 to " + most);
    };
  }

  /** Reads NAME=HOST:PORT[,plain][,pid=N]. */
  private static Other other(String text) throws BadValue {
    String cure = "give NAME=HOST:PORT, with ,plain for a way without TLS and ,pid=N for its CPU";
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new BadValue("no name and address", cure);
    }
    boolean tls = true;
    Optional<ProcessHandle> process = Optional.empty();
    String[] parts = text.substring(equals + 1).split(",", -1);
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      if (part.equals("plain")) {
        tls = false;
      } else if (part.matches("pid=[0-9]{1,18}")) {
        process = ProcessHandle.of(Long.parseLong(part.substring("pid=".length())));
        if (process.isEmpty()) {
          throw new BadValue("no such process", "give the number of one that runs");
        }
      } else {
        throw new BadValue("'" + part + "' says nothing", cure);
      }
    }
    if (!(Backend.parse(parts[0]) instanceof Backend.Tcp tcp)) {
      throw new BadValue("not an address on the network", cure);
    }
    return new Other(
        text.substring(0, equals), new InetSocketAddress(tcp.host(), tcp.port()), tls, process);
  }

  private static byte[] password(ParseResult parsed, Map<String, String> environment)
      throws OptionException {
    String file = parsed.matchedOptionValue(PASSWORD_FILE, (String) null);
    if (file == null) {
      return environment.getOrDefault(PASSWORD_VARIABLE, "").getBytes(StandardCharsets.UTF_8);
    }
    try {
      byte[] content = Files.readAllBytes(Path.of(file));
      int end = content.length;
      while (end > 0 && (content[end - 1] == '\n' || content[end - 1] == '\r')) {
        end--;
      }
      return Arrays.copyOf(content, end);
    } catch (IOException e) {
      throw new OptionException(
          PASSWORD_FILE
              + "="
              + file
              + ": cannot be read; give a file that holds the password and nothing else");
    }
  }
}
