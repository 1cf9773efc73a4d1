package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ProxyCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Drivers that {@link ClientsIT} does not have, each in a script of its own: it logs in with a
 * certificate and verifies the proxy's, asks for its TLS version, reads 20 MB, and logs in with a
 * wrong password.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriversIT {
  private static final Path SCRIPTS = Path.of("src/test/resources/clients").toAbsolutePath();
  private static final Path NODE_MODULES = Path.of("target/npm/node_modules").toAbsolutePath();

  /** Of 20,000,000 times the letter x. */
  private static final String MD5 = "d52626322ee0b934ba699935cac991b2";

  /** A driver, by its interpreter, its script and the file that it is installed with. */
  enum Driver {
    DBD_MYSQL("Perl DBD::mysql", "perl", "-MDBD::mysql", "dbi_driver.pl", "mysql"),
    DBD_MARIADB("Perl DBD::MariaDB", "perl", "-MDBD::MariaDB", "dbi_driver.pl", "MariaDB"),
    MYSQLI("PHP mysqli", "php", "-r exit((int) !extension_loaded('mysqli'));", "mysqli_driver.php"),
    PDO("PHP PDO", "php", "-r exit((int) !extension_loaded('pdo_mysql'));", "pdo_driver.php"),
    RUBY("Ruby mysql2", "ruby", "-rmysql2", "mysql2_driver.rb"),
    MYSQLCLIENT("Python mysqlclient", "/usr/bin/python3", "-c import MySQLdb", "mysqldb_driver.py"),
    AIOMYSQL("Python aiomysql", "/usr/bin/python3", "-c import aiomysql", "aiomysql_driver.py"),
    NODE_MARIADB("npm mariadb", "node", "-e require('mariadb')", "mariadb_driver.js"),
    NODE_MYSQL("npm mysql", "node", "-e require('mysql')", "mysql_driver.js");

    private final String title;
    private final String interpreter;
    private final String check;
    private final String script;
    private final String argument;

    Driver(String title, String interpreter, String check, String script) {
      this(title, interpreter, check, script, "");
    }

    Driver(String title, String interpreter, String check, String script, String argument) {
      this.title = title;
      this.interpreter = interpreter;
      this.check = check;
      this.script = script;
      this.argument = argument;
    }

    boolean isInstalled() {
      List<String> command = new ArrayList<>(List.of(interpreter));
      command.addAll(List.of(check.split(" ", 2)));
      if (interpreter.equals("perl") || interpreter.equals("ruby")) {
        command.addAll(List.of("-e", "1"));
      }
      return Tool.succeeds(command, Map.of("NODE_PATH", NODE_MODULES.toString()));
    }

    /** Whether it knows the plugin of the server's usual accounts. */
    boolean knows(ServerKind server) {
      return this != NODE_MYSQL || server != ServerKind.MYSQL_9_7;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  private final Map<ServerKind, Site> sites = new EnumMap<>(ServerKind.class);

  static Stream<Arguments> cells() {
    return Stream.of(ServerKind.MYSQL_5_5, ServerKind.MYSQL_9_7, ServerKind.MARIADB_11_8)
        .flatMap(
            server ->
                Stream.of(Driver.values())
                    .filter(driver -> driver.knows(server))
                    .map(driver -> Arguments.of(driver, server)));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void everyDriverLogsInReads20MbAndLearnsThatAPasswordIsWrong(Driver driver, ServerKind server)
      throws Exception {
    Assumptions.assumeTrue(driver.isInstalled(), driver + ": src/test/bin/install-tools");
    assertTrue(Files.exists(SCRIPTS.resolve(driver.script)));
    Login login = sites.computeIfAbsent(server, Site::of).login();
    ProxyCertificates certificates = login.tls().orElseThrow();
    List<String> command = new ArrayList<>(List.of(driver.interpreter));
    command.add(SCRIPTS.resolve(driver.script).toString());
    command.add(driver.argument);
    ProcessBuilder process = new ProcessBuilder(command);
    process
        .environment()
        .putAll(
            Map.of(
                "PORT", String.valueOf(login.port()),
                "LOGIN_USER", login.user(),
                "LOGIN_PASSWORD", login.password(),
                "CA", certificates.ca().toString(),
                "CERT", certificates.clientCert().toString(),
                "KEY", certificates.clientKey().toString(),
                "NODE_PATH", NODE_MODULES.toString()));

    Tool.Result result = Tool.run(process);

    assertEquals(
        List.of(login.user() + "@%", "TLSv1.3", MD5, "1045"),
        result.text().lines().toList(),
        result.error());
  }

  @AfterAll
  void end() {
    sites.values().forEach(Site::close);
  }
}
