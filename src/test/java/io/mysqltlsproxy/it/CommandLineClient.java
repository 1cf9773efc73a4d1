package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mysqltlsproxy.testing.ProxyCertificates;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command-line client in batch mode. */
abstract class CommandLineClient implements Client {
  private static final Pattern ERROR =
      Pattern.compile("^ERROR (\\d+) \\((\\w+)\\)(?: at line \\d+)?: ", Pattern.MULTILINE);
  private static final Pattern CONNECTION_ID = Pattern.compile("Connection id:\\s+(\\d+)");
  private static final Pattern CIPHER = Pattern.compile("SSL:\\s+Cipher in use is ([\\w-]+)");

  private final String name;
  private final String program;

  CommandLineClient(String name, String program) {
    this.name = name;
    this.program = program;
  }

  /** Runs the program in the directory of its {@code input} and {@code output}. */
  abstract Tool.Result run(
      List<String> arguments, Map<String, String> environment, Path input, Path output)
      throws IOException;

  /** Runs a script of the shell where the program is. */
  abstract Tool.Result shell(Path script) throws IOException;

  abstract List<String> tlsOptions(Optional<ProxyCertificates> certificates);

  static List<String> certificateOptions(ProxyCertificates certificates) {
    return List.of(
        "--ssl-ca=" + certificates.ca(),
        "--ssl-cert=" + certificates.clientCert(),
        "--ssl-key=" + certificates.clientKey());
  }

  @Override
  public List<String> query(Login login, String... statements) throws Failure {
    return text(login, String.join(";\n", statements) + ";\n").lines().toList();
  }

  @Override
  public boolean connectsBySocket() {
    return true;
  }

  /** One process for each, all from one script of the shell. */
  @Override
  public List<String> outcomes(List<Attempt> attempts) {
    try {
      Path directory = Files.createTempDirectory("attempts-");
      try {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < attempts.size(); i++) {
          Login login = attempts.get(i).login();
          script.append("MYSQL_PWD=").append(quoted(login.password())).append(' ').append(program);
          arguments(login).forEach(argument -> script.append(' ').append(quoted(argument)));
          script
              .append(" --execute='SELECT CURRENT_USER()' >")
              .append(directory.resolve(i + ".out"));
          script.append(" 2>").append(directory.resolve(i + ".err")).append("\n");
        }
        script.append("true\n");
        Path file = Files.writeString(directory.resolve("script"), script);
        Tool.Result result = shell(file);
        if (result.status() != 0) {
          throw new IllegalStateException(name + ": " + result.error());
        }
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < attempts.size(); i++) {
          String output = Files.readString(directory.resolve(i + ".out")).strip();
          String error = Files.readString(directory.resolve(i + ".err"), ISO_8859_1);
          outcomes.add(output.isEmpty() ? serversError(error) : output);
        }
        return outcomes;
      } finally {
        Tool.run("rm", "-r", directory.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  @Override
  public ConnectionIds connectionIds(Login login) throws Failure {
    String text = text(login, "\\s\nSELECT CONNECTION_ID();\n");
    List<String> lines = text.lines().toList();
    return new ConnectionIds(
        Long.parseLong(find(CONNECTION_ID, text).orElseThrow()),
        Long.parseLong(lines.get(lines.size() - 1)));
  }

  /** SQL's own prepared statements: the program has no others. */
  @Override
  public String prepared(Login login, String sql, long number, String text) throws Failure {
    return text(
            login,
            "PREPARE s FROM '%s'; SET @n = %d, @t = '%s'; EXECUTE s USING @n, @t;\n"
                .formatted(sql.replace("'", "''"), number, text))
        .strip();
  }

  @Override
  public byte[] echo(Login login, byte[] value) throws Failure {
    byte[] output = session(login, "SELECT x'" + HexFormat.of().formatHex(value) + "' AS v;\n");
    return Arrays.copyOf(output, output.length - 1);
  }

  @Override
  public void load(Login login, Path file, String tableAndFormat) throws Failure {
    text(login, "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE " + tableAndFormat + ";\n");
  }

  @Override
  public Optional<String> cipher(Login login) throws Failure {
    return find(CIPHER, text(login, "\\s\n"));
  }

  private static Optional<String> find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private String text(Login login, String script) throws Failure {
    return new String(session(login, script), StandardCharsets.UTF_8);
  }

  private List<String> arguments(Login login) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--no-defaults");
    if (login.socket().isPresent()) {
      arguments.add("--protocol=SOCKET");
      arguments.add("--socket=" + login.socket().get());
    } else {
      arguments.add("--protocol=TCP");
      arguments.add("--host=127.0.0.1");
      arguments.add("--port=" + login.port());
    }
    arguments.add("--user=" + login.user());
    arguments.add("--batch");
    arguments.add("--raw");
    arguments.add("--skip-column-names");
    arguments.add("--local-infile=1");
    arguments.add("--max-allowed-packet=256M");
    arguments.addAll(tlsOptions(login.tls()));
    return arguments;
  }

  private byte[] session(Login login, String script) throws Failure {
    try {
      Path input = Files.createTempFile("script-", ".sql");
      Path output = Files.createTempFile("output-", null);
      try {
        try (BufferedWriter writer = Files.newBufferedWriter(input)) {
          writer.write(script);
        }
        Tool.Result result =
            run(arguments(login), Map.of("MYSQL_PWD", login.password()), input, output);
        if (result.status() != 0) {
          throw new Failure(serversError(result.error()));
        }
        return Files.readAllBytes(output);
      } finally {
        Files.delete(input);
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program's complaint without the statement that it may repeat before it. */
  private static String serversError(String text) {
    Matcher matcher = ERROR.matcher(text);
    return matcher.find()
        ? matcher.group(1) + " " + matcher.group(2) + " " + text.substring(matcher.end()).strip()
        : text.strip();
  }

  @Override
  public String toString() {
    return name;
  }
}
