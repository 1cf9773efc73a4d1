package io.mysqltlsproxy.it;

import static io.mysqltlsproxy.it.CertsProgram.lineBehind;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code certs} prints is true: the proxy runs with the lines for its option file and with the
 * rule, before a real MySQL 5.5.9, and each client logs in as the line for it says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrintedLinesIT {
  private static final String QUERY = "SELECT CURRENT_USER()";
  private static final String ACCOUNT = "client@localhost";

  private final ClientImage mysql = new ClientImage("mysql:9.7");
  private final ClientImage mariaDb = new ClientImage("mariadb:11.8");
  private final Map<String, Site> sites = new HashMap<>();
  private final Path temporary;

  PrintedLinesIT(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @AfterAll
  void end() throws IOException {
    mysql.close();
    mariaDb.close();
    for (Site site : sites.values()) {
      site.proxy().close();
    }
  }

  /** A proxy that follows what was printed, and certificates of one kind of key. */
  private record Site(CertsProgram certs, String printed, ProxyProcess proxy, int port) {

    /** The printed line for a client; only the port is this proxy's own. */
    String line(String heading) {
      return ported(lineBehind(heading, printed));
    }

    /** The same for a program that would ask for the password. */
    String command(String heading) {
      return line(heading).replace("--password ", "--password=PASSWORD ");
    }

    private String ported(String line) {
      return line.replaceAll("(?<=[:=]|port: )3307\\b", String.valueOf(port));
    }
  }

  private Site site(String keyType) {
    return sites.computeIfAbsent(keyType, this::start);
  }

  private Site start(String keyType) {
    try {
      CertsProgram certs = new CertsProgram(temporary.resolve(keyType));
      String printed = certs.run("--key-type=" + keyType);
      TestServer server = Servers.mysql55();
      server.sql("GRANT USAGE ON *.* TO 'client'@'localhost' IDENTIFIED BY 'PASSWORD'");
      List<String> lines = printed.lines().map(String::strip).toList();
      int group = lines.indexOf("[mysql-tls-proxy]");
      Path options =
          Files.write(temporary.resolve(keyType + ".cnf"), lines.subList(group, group + 4));
      Path rules =
          Files.write(
              temporary.resolve(keyType + ".sql"),
              lines.stream().filter(line -> line.startsWith("ALTER USER ")).toList());
      ProxyProcess proxy =
          ProxyProcess.start(
              List.of(
                  "--defaults-file=" + options,
                  "--accounts=" + rules,
                  "--backend=127.0.0.1:" + server.port(),
                  "--port=0"));
      return new Site(certs, printed, proxy, proxy.ready().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048"})
  void mysql97LogsInAndVerifiesTheProxysIdentity(String keyType) throws IOException {
    mysql.unavailable().ifPresent(Assumptions::abort);
    String command = site(keyType).command("mysql 8.0 and newer:");
    assertTrue(command.endsWith(" --ssl-mode=VERIFY_IDENTITY"), command);

    assertLogsIn(inShell(mysql, command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048"})
  void mariaDb118LogsInAndVerifiesTheProxy(String keyType) throws IOException {
    mariaDb.unavailable().ifPresent(Assumptions::abort);
    String command = site(keyType).command("mariadb, and mysql up to 5.7:");
    assertTrue(command.endsWith(" --ssl-verify-server-cert"), command);

    assertLogsIn(inShell(mariaDb, command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048"})
  void thisMachinesMariaDbLogsIn(String keyType) {
    new MariaDbCli().unavailable().ifPresent(Assumptions::abort);

    assertLogsIn(
        Tool.run("sh", "-c", batch(site(keyType).command("mariadb, and mysql up to 5.7:"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048"})
  void anotherCertificateOfTheAuthorityIsNotWhatTheRuleNames(String keyType) {
    new MariaDbCli().unavailable().ifPresent(Assumptions::abort);
    Site site = site(keyType);
    site.certs().run("client", "laura", "--force");

    Tool.Result result =
        Tool.run(
            "sh",
            "-c",
            batch(
                site.command("mariadb, and mysql up to 5.7:")
                    .replace("client-cert.pem", "laura-cert.pem")
                    .replace("client-key.pem", "laura-key.pem")));

    assertTrue(result.error().startsWith("ERROR 1045 (28000): Access denied"), result::error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048"})
  void pyMysqlLogsIn(String keyType) {
    ScriptClient.pyMysql().unavailable().ifPresent(Assumptions::abort);

    assertLogsIn(
        Tool.run(
            "/usr/bin/python3",
            "-c",
            """
            import pymysql
            cursor = %s.cursor()
            cursor.execute('%s')
            print(cursor.fetchone()[0])
            """
                .formatted(site(keyType).line("PyMySQL:"), QUERY)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048"})
  void mysql2LogsIn(String keyType) {
    ScriptClient driver = ScriptClient.mysql2();
    driver.unavailable().ifPresent(Assumptions::abort);
    String script =
        """
        const fs = require('fs');
        const mysql = require('mysql2');
        const connection = %s;
        connection.query('%s AS account', (error, rows) => {
          if (error) throw error;
          console.log(rows[0].account);
          connection.end();
        });
        """
            .formatted(site(keyType).line("mysql2 of Node.js:"), QUERY);
    ProcessBuilder node = new ProcessBuilder("node", "-e", script);
    node.environment().putAll(driver.environment());

    assertLogsIn(Tool.run(node));
  }

  @ParameterizedTest
  @CsvSource({
    "EC-P256, CONNECTOR_J_8, Connector/J 8.0 and newer:",
    "RSA-2048, CONNECTOR_J_8, Connector/J 8.0 and newer:",
    "EC-P256, CONNECTOR_J_9, Connector/J 8.0 and newer:",
    "RSA-2048, CONNECTOR_J_9, Connector/J 8.0 and newer:",
    "EC-P256, CONNECTOR_J_26, Connector/J 8.0 and newer:",
    "RSA-2048, CONNECTOR_J_26, Connector/J 8.0 and newer:",
    "EC-P256, MARIADB_3, MariaDB Connector/J:",
    "RSA-2048, MARIADB_3, MariaDB Connector/J:",
    "EC-P256, MARIADB_4, MariaDB Connector/J:",
    "RSA-2048, MARIADB_4, MariaDB Connector/J:"
  })
  void aJdbcDriverLogsIn(String keyType, JdbcDriver driver, String heading)
      throws IOException, SQLException {
    driver.unavailable().ifPresent(Assumptions::abort);
    Site site = site(keyType);
    makeKeyStores(site);

    try (Connection connection = driver.connect(site.line(heading), Map.of());
        ResultSet result = connection.createStatement().executeQuery(QUERY)) {
      result.next();
      assertEquals(ACCOUNT, result.getString(1));
    }
  }

  /** As the two printed commands do; keytool would not do it twice. */
  private static void makeKeyStores(Site site) throws IOException {
    if (Files.notExists(site.certs().directory().resolve("ca.p12"))) {
      for (String program : List.of("openssl pkcs12", "keytool")) {
        String command =
            site.printed()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(program))
                .findFirst()
                .orElseThrow();
        Tool.Result result = Tool.run("sh", "-c", command);
        assertEquals(0, result.status(), () -> command + result.text() + result.error());
      }
    }
  }

  private static Tool.Result inShell(ClientImage image, String command) throws IOException {
    return image.run(List.of("sh", "-c", batch(command)), Map.of());
  }

  private static String batch(String command) {
    return command + " --batch --skip-column-names --execute='" + QUERY + "'";
  }

  private static void assertLogsIn(Tool.Result result) {
    assertEquals(ACCOUNT + "\n", new String(result.output(), UTF_8), result::error);
  }
}
