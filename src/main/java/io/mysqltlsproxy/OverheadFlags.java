package io.mysqltlsproxy;

import io.mysqltlsproxy.Command.Shell;
import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.option.Option.ValueParser;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.ValueParsers;
import io.mysqltlsproxy.overhead.Scope;
import io.mysqltlsproxy.overhead.Settings;
import io.mysqltlsproxy.overhead.Settings.Other;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The flags of {@code overhead}, and what they come to. */
final class OverheadFlags {
  static final String OVERHEAD = "overhead";
  static final String BACKEND = "--backend";
  static final String USER = "--user";
  static final String DATABASE = "--database";
  static final String QUERY = "--query";
  static final String CLIENTS = "--clients";
  static final String ROUNDS = "--rounds";
  static final String TIME = "--time";
  static final String TARGET = "--target";
  static final String QUICK = "--quick";
  static final String SCALING = "--scaling";
  static final String IDLE = "--idle";
  static final String OUTPUT = "--output";

  private static final Duration QUICK_TIME = Duration.ofMillis(500);
  private static final int QUICK_ROUNDS = 3;
  private static final List<Integer> QUICK_CLIENTS = List.of(1, 8);
  private static final Duration SCALING_TIME = Duration.ofSeconds(1);
  private static final List<Integer> SCALING_CLIENTS = List.of(1, 8, 64, 512);
  private static final int SCALING_IDLE = 1000;
  private static final ValueParser<Integer> CLIENT_COUNT =
      ValueParsers.number(1, 4096, "not a number of clients");
  private static final ValueParser<Integer> IDLE_COUNT =
      ValueParsers.number(0, 4096, "not a number of connections");
  private static final ValueParser<Integer> ROUND_COUNT =
      ValueParsers.number(1, 1000, "not a number of rounds");
  private static final ValueParser<Integer> SECONDS =
      ValueParsers.number(1, 3600, "not a number of seconds");

  private final Flags flags;

  OverheadFlags(ParseResult parsed) {
    this.flags = new Flags(parsed);
  }

  static CommandSpec overhead(Shell shell) {
    CommandSpec overhead =
        Command.spec(
            OVERHEAD,
            "Measures what TLS costs on this machine with this server: directly, through the"
                + " proxy without TLS, and with each kind of TLS. Also how long queries take while"
                + " others log in, and what the first logins of a fresh proxy cost.",
            shell,
            OverheadCommand::run);
    Flags.add(overhead, BACKEND, "ADDR", "127.0.0.1:3306", "The server: HOST:PORT or unix:/PATH.");
    Flags.add(
        overhead,
        USER,
        "NAME",
        "root",
        "The account that logs in. It must not have a REQUIRE on the server.");
    Flags.add(
        overhead,
        Password.FILE,
        "FILE",
        "",
        "The file with the password. The default is MYSQL_PWD, or no password.");
    Flags.add(
        overhead,
        DATABASE,
        "NAME",
        "test",
        "A database where the user may CREATE TEMPORARY TABLES, for the point selects.");
    Flags.add(overhead, QUERY, "SQL", "", "A query to measure instead of the point selects.");
    Flags.add(overhead, CLIENTS, "LIST", "1,8,64", "How many concurrent clients.");
    Flags.add(overhead, ROUNDS, "N", "5", "How many times to measure everything.");
    Flags.add(overhead, TIME, "S", "2", "The length of each run in seconds.");
    Flags.addList(
        overhead,
        TARGET,
        "NAME=HOST:PORT[,plain][,pid=N]",
        "Another way to the same server, such as another proxy: with TLS unless plain, and"
            + " with the CPU time of that process. May be repeated.");
    Flags.addSwitch(
        overhead,
        QUICK,
        "Takes about a minute: fewer ways, workloads and clients, 3 rounds of 0.5 s.");
    Flags.addSwitch(
        overhead,
        SCALING,
        "Takes five minutes: how a small query and memory scale to 1, 8, 64 and"
            + " 512 clients and 1000 idle connections, and nothing else. Also writes charts as"
            + " PREFIX-*.svg.");
    Flags.add(
        overhead,
        IDLE,
        "N",
        "0",
        "How many idle connections to open to measure their memory; 0 for none.");
    Flags.add(
        overhead,
        OUTPUT,
        "PREFIX",
        "overhead",
        "Writes PREFIX.html, PREFIX.csv and PREFIX.json, replacing existing files.");
    return overhead;
  }

  /** What the names of the files begin with that are written. */
  String output() {
    return flags.text(OUTPUT);
  }

  /**
   * What is to be measured.
   *
   * @throws OptionException for the first flag that cannot be used
   */
  Settings settings(Map<String, String> environment) throws OptionException {
    Scope scope = scope();
    List<Integer> clients = new ArrayList<>();
    for (String number : flags.text(CLIENTS).strip().split("\\s*,\\s*", -1)) {
      clients.add(Flags.checked(CLIENTS + "=" + number, number, CLIENT_COUNT));
    }
    int rounds = flags.value(ROUNDS, ROUND_COUNT);
    Duration time = Duration.ofSeconds(flags.value(TIME, SECONDS));
    int idle = flags.value(IDLE, IDLE_COUNT);
    return new Settings(
        flags.value(BACKEND, Backend::parse),
        new Account(
            flags.text(USER),
            Password.given(flags, environment).orElse(new byte[0]),
            flags.text(DATABASE)),
        flags.given(QUERY),
        flags.has(CLIENTS) ? clients : clients(scope, clients),
        scope == Scope.QUICK && !flags.has(ROUNDS) ? QUICK_ROUNDS : rounds,
        flags.has(TIME) ? time : time(scope, time),
        scope == Scope.SCALING && !flags.has(IDLE) ? SCALING_IDLE : idle,
        scope,
        flags.list(TARGET, OverheadFlags::other));
  }

  private Scope scope() throws OptionException {
    boolean quick = flags.has(QUICK);
    boolean scaling = flags.has(SCALING);
    if (quick && scaling) {
      throw new OptionException(QUICK + " and " + SCALING + ": give one of them");
    }
    return quick ? Scope.QUICK : scaling ? Scope.SCALING : Scope.WHOLE;
  }

  private static List<Integer> clients(Scope scope, List<Integer> usual) {
    return switch (scope) {
      case WHOLE -> usual;
      case QUICK -> QUICK_CLIENTS;
      case SCALING -> SCALING_CLIENTS;
    };
  }

  private static Duration time(Scope scope, Duration usual) {
    return switch (scope) {
      case WHOLE -> usual;
      case QUICK -> QUICK_TIME;
      case SCALING -> SCALING_TIME;
    };
  }

  /** Reads NAME=HOST:PORT[,plain][,pid=N]. */
  private static Other other(String text) throws InvalidValueException {
    String hint = "give NAME=HOST:PORT, with ,plain for a way without TLS and ,pid=N for its CPU";
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new InvalidValueException("not a name and an address", hint);
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
          throw new InvalidValueException("no such process", "give the number of one that runs");
        }
      } else {
        throw new InvalidValueException("'" + part + "' says nothing", hint);
      }
    }
    if (!(Backend.parse(parts[0]) instanceof Backend.Tcp tcp)) {
      throw new InvalidValueException("not an address on the network", hint);
    }
    return new Other(
        text.substring(0, equals), new InetSocketAddress(tcp.host(), tcp.port()), tls, process);
  }
}
