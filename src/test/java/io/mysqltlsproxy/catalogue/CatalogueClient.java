package io.mysqltlsproxy.catalogue;

import io.mysqltlsproxy.testing.JdbcDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The clients of the catalogue. */
enum CatalogueClient {
  MARIADB_10_11("mariadb 10.11"),
  MARIADB_11_8("mariadb 11.8"),
  MYSQL_9_7("mysql 9.7"),
  CONNECTOR_J_5_1("Connector/J 5.1"),
  CONNECTOR_J_9("Connector/J 9.7"),
  MYSQL2("mysql2"),
  PYMYSQL("PyMySQL"),
  OPENSSL("openssl s_client");

  private static final int SECONDS = 20;
  private static final String PYTHON = "/usr/bin/python3";
  private static final String PYMYSQL_SCRIPT =
      """
      import os, sys, json, pymysql
      options = json.loads(os.environ['OPTIONS'])
      try:
          pymysql.connect(host='127.0.0.1', **options).cursor().execute('SELECT 1')
          print('no error')
      except Exception as error:
          print(type(error).__name__, error)
      """;
  private static final String MYSQL2_SCRIPT =
      """
      const fs = require('fs');
      const options = JSON.parse(process.env.OPTIONS);
      if (options.ssl) {
        for (const name of ['ca', 'cert', 'key'])
          if (options.ssl[name]) options.ssl[name] = fs.readFileSync(options.ssl[name]);
      }
      const connection = require('mysql2').createConnection(options);
      connection.query('SELECT 1', error => {
        console.log(error ? [error.code, error.message].filter(x => x).join(' ') : 'no error');
        process.exit();
      });
      connection.on('error', () => {});
      """;

  private final String title;

  CatalogueClient(String title) {
    this.title = title;
  }

  @Override
  public String toString() {
    return title;
  }

  /** Whether this machine has it; images are another matter. */
  boolean isInstalled() {
    return switch (this) {
      case MARIADB_10_11 -> succeeds("mariadb", "--version");
      case MARIADB_11_8, MYSQL_9_7 -> true;
      case CONNECTOR_J_5_1 -> JdbcDriver.CONNECTOR_J_5_1.unavailable().isEmpty();
      case CONNECTOR_J_9 -> JdbcDriver.CONNECTOR_J_9.unavailable().isEmpty();
      case MYSQL2 -> Path.of("target/npm/node_modules/mysql2").toFile().exists();
      case PYMYSQL -> succeeds(PYTHON, "-c", "import pymysql");
      case OPENSSL -> succeeds("openssl", "version");
    };
  }

  private static boolean succeeds(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.onExit().join().exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether it knows how to make the attempt. */
  boolean canMake(Attempt attempt) {
    boolean tlsOnly = attempt.version().isPresent() || attempt.cipher().isPresent();
    return switch (this) {
      case MARIADB_10_11, MARIADB_11_8, MYSQL_9_7 -> true;
      case CONNECTOR_J_5_1, CONNECTOR_J_9 -> attempt.cipher().isEmpty();
      case MYSQL2, PYMYSQL -> !tlsOnly;
      case OPENSSL -> attempt.tls() && attempt.equals(attempt.as("app").password("secret"));
    };
  }

  /** What it prints: {@code no error} where it logs in. */
  String run(int port, Attempt attempt) {
    return switch (this) {
      case MARIADB_10_11 -> program(mariaDb(port, attempt));
      case MARIADB_11_8 -> program(inside(CatalogueImages.MARIADB, mariaDb(port, attempt)));
      case MYSQL_9_7 -> program(inside(CatalogueImages.MYSQL, mysql(port, attempt)));
      case CONNECTOR_J_5_1 -> jdbc(JdbcDriver.CONNECTOR_J_5_1, port, old(attempt));
      case CONNECTOR_J_9 -> jdbc(JdbcDriver.CONNECTOR_J_9, port, current(attempt));
      case MYSQL2 -> script(List.of("node", "-e", MYSQL2_SCRIPT), mysql2(port, attempt));
      case PYMYSQL -> script(List.of(PYTHON, "-c", PYMYSQL_SCRIPT), pyMysql(port, attempt));
      case OPENSSL -> program(openssl(port, attempt));
    };
  }

  private static List<String> inside(String container, List<String> command) {
    List<String> words = new ArrayList<>(List.of("docker", "exec", container));
    words.addAll(command);
    return words;
  }

  private static List<String> mariaDb(int port, Attempt attempt) {
    List<String> words = common("mariadb", port, attempt);
    if (!attempt.tls()) {
      words.add("--skip-ssl");
      return words;
    }
    words.add("--ssl");
    attempt.ca().ifPresent(ca -> words.add("--ssl-ca=" + ca));
    words.add("--ssl-verify-server-cert");
    attempt.version().ifPresent(version -> words.add("--tls-version=" + version));
    more(words, attempt);
    return words;
  }

  private static List<String> mysql(int port, Attempt attempt) {
    List<String> words = common("mysql", port, attempt);
    if (!attempt.tls()) {
      words.add("--ssl-mode=DISABLED");
      words.add("--get-server-public-key");
      return words;
    }
    words.add(attempt.ca().isPresent() ? "--ssl-mode=VERIFY_IDENTITY" : "--ssl-mode=REQUIRED");
    attempt.ca().ifPresent(ca -> words.add("--ssl-ca=" + ca));
    attempt.version().ifPresent(version -> words.add("--tls-version=" + version));
    more(words, attempt);
    return words;
  }

  private static List<String> common(String program, int port, Attempt attempt) {
    return new ArrayList<>(
        List.of(
            program,
            "--no-defaults",
            "--protocol=TCP",
            "--host=127.0.0.1",
            "--port=" + port,
            "--connect-timeout=15",
            "--user=" + attempt.user(),
            "--password=" + attempt.password(),
            "--execute=SELECT 'no error'",
            "--batch",
            "--skip-column-names",
            "--database=" + attempt.database()));
  }

  private static void more(List<String> words, Attempt attempt) {
    attempt.cipher().ifPresent(cipher -> words.add("--ssl-cipher=" + cipher));
    attempt
        .certificate()
        .ifPresent(
            base -> {
              words.add("--ssl-cert=" + TestFiles.pem(base));
              words.add("--ssl-key=" + TestFiles.key(base));
            });
  }

  private static List<String> openssl(int port, Attempt attempt) {
    List<String> words =
        new ArrayList<>(
            List.of("openssl", "s_client", "-starttls", "mysql", "-connect", "127.0.0.1:" + port));
    words.addAll(List.of("-verify_return_error", "-verify_ip", "127.0.0.1", "-ign_eof"));
    attempt.ca().ifPresent(ca -> words.addAll(List.of("-CAfile", ca.toString())));
    attempt
        .certificate()
        .ifPresent(
            base ->
                words.addAll(
                    List.of(
                        "-cert", TestFiles.pem(base).toString(),
                        "-key", TestFiles.key(base).toString())));
    attempt
        .version()
        .ifPresent(
            version ->
                words.add(
                    "-"
                        + version
                            .toLowerCase(Locale.ROOT)
                            .replace("tlsv", "tls")
                            .replace('.', '_')));
    attempt.cipher().ifPresent(cipher -> words.addAll(List.of("-cipher", cipher)));
    return words;
  }

  private static Map<String, String> old(Attempt attempt) {
    Map<String, String> properties = properties(attempt);
    properties.put("useSSL", String.valueOf(attempt.tls()));
    properties.put("requireSSL", String.valueOf(attempt.tls()));
    properties.put("verifyServerCertificate", String.valueOf(attempt.ca().isPresent()));
    properties.put("enabledTLSProtocols", attempt.version().orElse("TLSv1.2"));
    stores(properties, attempt);
    return properties;
  }

  private static Map<String, String> current(Attempt attempt) {
    Map<String, String> properties = properties(attempt);
    properties.put(
        "sslMode",
        !attempt.tls() ? "DISABLED" : attempt.ca().isPresent() ? "VERIFY_IDENTITY" : "REQUIRED");
    attempt.version().ifPresent(version -> properties.put("tlsVersions", version));
    stores(properties, attempt);
    return properties;
  }

  private static Map<String, String> properties(Attempt attempt) {
    Map<String, String> properties = new HashMap<>();
    properties.put("user", attempt.user());
    properties.put("password", attempt.password());
    properties.put("database", attempt.database());
    properties.put("connectTimeout", "15000");
    properties.put("socketTimeout", "15000");
    return properties;
  }

  private static void stores(Map<String, String> properties, Attempt attempt) {
    if (!attempt.tls()) {
      return;
    }
    attempt.ca().ifPresent(ca -> store(properties, "trustCertificate", TestFiles.trustStore(ca)));
    attempt
        .certificate()
        .ifPresent(base -> store(properties, "clientCertificate", TestFiles.store(base)));
  }

  private static void store(Map<String, String> properties, String kind, Path file) {
    properties.put(kind + "KeyStoreUrl", file.toUri().toString());
    properties.put(kind + "KeyStoreType", "PKCS12");
    properties.put(kind + "KeyStorePassword", TestFiles.STORE_PASSWORD);
  }

  private static String jdbc(JdbcDriver driver, int port, Map<String, String> properties) {
    String database = properties.remove("database");
    try (Connection connection =
        driver.connect(port, database == null ? "" : database, properties)) {
      return "no error" + (connection.isClosed() ? " (closed)" : "");
    } catch (SQLException e) {
      List<String> lines = new ArrayList<>();
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        lines.add(String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
      }
      return e.getErrorCode()
          + " "
          + lines.stream()
              .filter(line -> !line.isBlank())
              .distinct()
              .collect(Collectors.joining(" ← "));
    }
  }

  private static String mysql2(int port, Attempt attempt) {
    Map<String, Object> options = new HashMap<>();
    options.put("host", "127.0.0.1");
    options.put("port", port);
    options.put("user", attempt.user());
    options.put("password", attempt.password());
    options.put("database", attempt.database());
    options.put("connectTimeout", 15_000);
    if (attempt.tls()) {
      Map<String, Object> ssl = new HashMap<>();
      attempt.ca().ifPresent(ca -> ssl.put("ca", ca.toString()));
      ssl.put("rejectUnauthorized", attempt.ca().isPresent());
      ssl.put("verifyIdentity", attempt.ca().isPresent());
      attempt
          .certificate()
          .ifPresent(
              base -> {
                ssl.put("cert", TestFiles.pem(base).toString());
                ssl.put("key", TestFiles.key(base).toString());
              });
      options.put("ssl", ssl);
    }
    return json(options);
  }

  private static String pyMysql(int port, Attempt attempt) {
    Map<String, Object> options = new HashMap<>();
    options.put("port", port);
    options.put("user", attempt.user());
    options.put("password", attempt.password());
    options.put("connect_timeout", 15);
    if (!attempt.database().isEmpty()) {
      options.put("database", attempt.database());
    }
    if (attempt.tls()) {
      options.put("ssl_verify_cert", attempt.ca().isPresent());
      options.put("ssl_verify_identity", attempt.ca().isPresent());
      attempt.ca().ifPresent(ca -> options.put("ssl_ca", ca.toString()));
      attempt
          .certificate()
          .ifPresent(
              base -> {
                options.put("ssl_cert", TestFiles.pem(base).toString());
                options.put("ssl_key", TestFiles.key(base).toString());
              });
    } else {
      options.put("ssl_disabled", true);
    }
    return json(options);
  }

  @SuppressWarnings("unchecked")
  private static String json(Map<String, Object> members) {
    return members.entrySet().stream()
        .map(
            member ->
                "\""
                    + member.getKey()
                    + "\":"
                    + (member.getValue() instanceof Map<?, ?> map
                        ? json((Map<String, Object>) map)
                        : member.getValue() instanceof String text
                            ? "\"" + text + "\""
                            : String.valueOf(member.getValue())))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String script(List<String> command, String options) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OPTIONS", options);
    builder
        .environment()
        .put("NODE_PATH", Path.of("target/npm/node_modules").toAbsolutePath().toString());
    return run(builder);
  }

  private static String program(List<String> command) {
    return run(new ProcessBuilder(command));
  }

  private static String run(ProcessBuilder builder) {
    try {
      Process process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      Optional<Process> slow = Optional.of(process);
      process
          .onExit()
          .orTimeout(SECONDS, TimeUnit.SECONDS)
          .exceptionally(late -> slow.get().destroyForcibly());
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
