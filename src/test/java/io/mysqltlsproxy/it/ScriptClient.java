package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.ProxyCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A driver of a scripting language, behind a script that is called as {@code SCRIPT ACTION
 * [ARGUMENT]...} with the login in its environment, and that answers each action with one line for
 * each value, or with status 1 and {@code errno SQLSTATE text} on its standard error.
 *
 * @param name the driver
 * @param command the interpreter and the script
 * @param check a command that succeeds where the driver is installed
 */
record ScriptClient(
    String name, List<String> command, List<String> check, Map<String, String> environment)
    implements Client {
  private static final String MYSQL2 = "npm mysql2";
  private static final String MYSQLI = "PHP mysqli";
  private static final Path SCRIPTS = Path.of("src/test/resources/clients").toAbsolutePath();
  private static final Path NODE_MODULES = Path.of("target/npm/node_modules").toAbsolutePath();

  /** Debian's python3-pymysql. */
  static ScriptClient pyMysql() {
    String python = "/usr/bin/python3";
    return new ScriptClient(
        "PyMySQL",
        List.of(python, SCRIPTS.resolve("pymysql_client.py").toString()),
        List.of(python, "-c", "import pymysql"),
        Map.of());
  }

  /** mysql2 from npm. */
  static ScriptClient mysql2() {
    return new ScriptClient(
        MYSQL2,
        List.of("node", SCRIPTS.resolve("mysql2_client.js").toString()),
        List.of("node", "-e", "require('mysql2')"),
        Map.of("NODE_PATH", NODE_MODULES.toString()));
  }

  /** PHP's mysqli with its own library, mysqlnd. */
  static ScriptClient mysqli() {
    return new ScriptClient(
        MYSQLI,
        List.of(
            "php",
            "-d",
            "mysqli.allow_local_infile=1",
            SCRIPTS.resolve("mysqli_client.php").toString()),
        List.of("php", "-r", "exit((int) !extension_loaded('mysqli'));"),
        Map.of());
  }

  /** Debian's libdbd-mysql-perl, built with MariaDB's library. */
  static ScriptClient dbdMysql() {
    return new ScriptClient(
        "DBD::mysql",
        List.of("perl", SCRIPTS.resolve("dbd_mysql_client.pl").toString()),
        List.of("perl", "-MDBD::mysql", "-e", "1"),
        Map.of());
  }

  @Override
  public Optional<String> unavailable() {
    return Tool.succeeds(check, environment)
        ? Optional.empty()
        : Optional.of(name + " is not installed: src/test/bin/install-tools");
  }

  @Override
  public List<String> query(Login login, String... statements) throws Failure {
    return call(login, "query", statements);
  }

  @Override
  public boolean changesUser() {
    return name.equals(MYSQL2) || name.equals(MYSQLI);
  }

  @Override
  public boolean connectsBySocket() {
    return true;
  }

  @Override
  public List<String> outcomes(List<Attempt> attempts) {
    StringBuilder lines = new StringBuilder();
    for (Attempt attempt : attempts) {
      Login login = attempt.login();
      lines
          .append(login.socket().map(Path::toString).orElse(String.valueOf(login.port())))
          .append('\t')
          .append(login.tls().isPresent() ? "tls" : "plain")
          .append('\t')
          .append(attempt.changesUser() ? Attempt.FIRST_USER : "")
          .append('\t')
          .append(login.user())
          .append('\t')
          .append(login.password())
          .append('\n');
    }
    try {
      Path input = Files.createTempFile("attempts-", null);
      try {
        Files.writeString(input, lines);
        List<String> words = new ArrayList<>(command);
        words.add("attempts");
        ProcessBuilder process = new ProcessBuilder(words).redirectInput(input.toFile());
        process.environment().putAll(environment);
        process.environment().putAll(tls(ProxyCertificates.shared()));
        Tool.Result result = Tool.run(process);
        List<String> outcomes = result.text().lines().toList();
        if (result.status() != 0 || outcomes.size() != attempts.size()) {
          throw new IllegalStateException(name + ": " + result.error());
        }
        return outcomes;
      } finally {
        Files.delete(input);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A COM_CHANGE_USER; what CURRENT_USER() says then. */
  String changeUser(Login login, String user, String password) throws Failure {
    return call(login, "change_user", user, password).get(0);
  }

  /** The same; what a query says then. */
  String changeUser(Login login, String user, String password, String sql) throws Failure {
    return call(login, "change_user", user, password, sql).get(0);
  }

  @Override
  public ConnectionIds connectionIds(Login login) throws Failure {
    List<String> ids = call(login, "ids");
    return new ConnectionIds(Long.parseLong(ids.get(0)), Long.parseLong(ids.get(1)));
  }

  @Override
  public String prepared(Login login, String sql, long number, String text) throws Failure {
    return call(login, "prepared", sql, String.valueOf(number), text).get(0);
  }

  @Override
  public byte[] echo(Login login, byte[] value) throws Failure {
    try {
      Path file = Files.createTempFile("value-", null);
      try {
        Files.write(file, value);
        call(login, "echo", file.toString());
        return Files.readAllBytes(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void load(Login login, Path file, String tableAndFormat) throws Failure {
    call(login, "load", file.toString(), tableAndFormat);
  }

  @Override
  public Optional<String> cipher(Login login) throws Failure {
    return Optional.of(call(login, "cipher").get(0));
  }

  private List<String> call(Login login, String action, String... arguments) throws Failure {
    List<String> words = new ArrayList<>(command);
    words.add(action);
    words.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(words);
    Map<String, String> variables = process.environment();
    variables.putAll(environment);
    variables.put("PORT", String.valueOf(login.port()));
    variables.put("LOGIN_USER", login.user());
    variables.put("LOGIN_PASSWORD", login.password());
    login.tls().ifPresent(certificates -> variables.putAll(tls(certificates)));
    Tool.Result result = Tool.run(process);
    if (result.status() != 0) {
      throw new Failure(result.error().strip());
    }
    return new String(result.output(), StandardCharsets.UTF_8).lines().toList();
  }

  private static Map<String, String> tls(ProxyCertificates certificates) {
    return Map.of(
        "CA", certificates.ca().toString(),
        "CERT", certificates.clientCert().toString(),
        "KEY", certificates.clientKey().toString());
  }

  @Override
  public String toString() {
    return name;
  }
}
