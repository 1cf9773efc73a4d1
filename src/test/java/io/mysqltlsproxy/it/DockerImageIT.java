package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.Docker;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The image, as its users run it: not as root, with a read-only file system, without capabilities,
 * in 128 MB and on one processor; in front of a real server that only containers can reach.
 */
class DockerImageIT {
  private static final String NAME = "mysql-tls-proxy-it-" + ProcessHandle.current().pid();
  private static final String SERVER = NAME + "-server";
  private static final String IMAGE = "mysql-tls-proxy:it";
  private static final ProxyCertificates CERTIFICATES = ProxyCertificates.shared();
  private static final int TIMEOUT_SECONDS = 300;

  private final List<String> proxies = new ArrayList<>();

  @BeforeAll
  static void buildTheImageAndStartTheServer() {
    Docker.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    Docker.build(IMAGE);
    Docker.run("network", "create", NAME);
    String emptyPassword = "--env=MYSQL_ALLOW_EMPTY_PASSWORD=1";
    Docker.run(
        "run",
        "--detach",
        "--network=" + NAME,
        "--name=" + SERVER,
        emptyPassword,
        "mysql:9.7",
        "--tls-version=");
    String[] ping = {"exec", SERVER, "mysqladmin", "--host=127.0.0.1", "--user=root", "ping"};
    Docker.await(() -> Docker.succeeds(ping));
  }

  @AfterAll
  static void removeTheServer() {
    if (Docker.unavailable().isEmpty()) {
      Docker.succeeds("rm", "--force", "--volumes", SERVER);
      Docker.succeeds("network", "rm", NAME);
    }
  }

  @AfterEach
  void removeTheProxies() {
    proxies.forEach(proxy -> Docker.succeeds("rm", "--force", proxy));
  }

  @Test
  void aClientWithACertificateComesInOnTls() throws Exception {
    String proxy = run("--env=MYSQL_TLS_PROXY_REQUIRE=X509");

    try (Connection client = connect(proxy, true)) {
      assertEquals("9.7", ask(client, "SELECT VERSION()").substring(0, 3));
    }
    SQLException refused = assertThrows(SQLException.class, () -> connect(proxy, false).close());
    assertEquals(1045, refused.getErrorCode(), refused::toString);
    assertTrue(Docker.run("logs", proxy).contains("BoringSSL"), () -> Docker.run("logs", proxy));
  }

  @Test
  void nothingIsWrittenAndNobodyIsRoot() throws Exception {
    String proxy = run();
    connect(proxy, true).close();

    assertEquals("", Docker.run("diff", proxy));
    assertEquals("3307", Docker.run("exec", proxy, "id", "-u"));
    assertEquals(
        "0000000000000000", capabilities(Docker.run("exec", proxy, "cat", "/proc/1/status")));
  }

  @Test
  void dockerStopWaitsForTheClientsAndEndsWithStatus0() throws Exception {
    String proxy = run();
    Connection client = connect(proxy, true);
    CompletableFuture<String> stopped =
        CompletableFuture.supplyAsync(() -> Docker.run("stop", "--time=60", proxy));
    Docker.await(
        () -> Docker.run("logs", proxy).contains("shutting down: accepting no new clients"));

    // It says so before it does it.
    Docker.await(() -> !letsIn(proxy));
    assertEquals("1", ask(client, "SELECT 1"));
    client.close();
    stopped.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    assertEquals("0", Docker.run("inspect", "--format={{.State.ExitCode}}", proxy));
  }

  @Test
  void theHealthCheckFindsTheProxyAliveInItsOwnMemory() {
    String proxy = run("--health-interval=2s");
    String status = "--format={{.State.Health.Status}} {{.State.OOMKilled}}";

    Docker.await(() -> Docker.run("inspect", status, proxy).equals("healthy false"));
  }

  @Test
  void anEncryptedKeyIsOpened() throws Exception {
    Path directory = Mounted.DIRECTORY.path();
    Path passphrase = Files.writeString(directory.resolve("passphrase"), "open sesame\n");
    Path key = directory.resolve("encrypted-key.pem");
    List<String> encrypt =
        List.of("openssl", "pkey", "-aes256", "-passout", "file:" + passphrase, "-in");
    List<String> files = List.of(CERTIFICATES.serverKey().toString(), "-out", key.toString());
    assertTrue(
        Tool.succeeds(Stream.concat(encrypt.stream(), files.stream()).toList(), Map.of()),
        "openssl");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-r--r--"));

    String proxy =
        run(
            "--env=MYSQL_TLS_PROXY_SSL_KEY=encrypted-key.pem",
            "--env=MYSQL_TLS_PROXY_SSL_KEY_PASSPHRASE_FILE=passphrase");

    connect(proxy, true).close();
  }

  @Test
  void theOtherCommandsWorkInIt() throws Exception {
    String network = "--network=" + NAME;
    String volume = "--volume=" + Mounted.DIRECTORY.path() + ":/etc/mysql-tls-proxy:ro";
    String backend = "--backend=" + SERVER + ":3306";

    // Its status tells of what is wrong with the files; what it prints, that it has looked.
    String proxy =
        Docker.run("run", "--detach", "--read-only", network, volume, IMAGE, "check", backend);
    proxies.add(proxy);
    Docker.run("wait", proxy);
    String checked = Docker.run("logs", proxy);
    assertTrue(checked.contains("9.7"), checked);

    Path password = Files.writeString(Mounted.DIRECTORY.path().resolve("password"), "\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
    String measured =
        Docker.run(
            List.of(
                    List.of("run", "--rm", "--workdir=/tmp", network, volume, IMAGE, "overhead"),
                    List.of(
                        backend,
                        "--user=root",
                        "--database=mysql",
                        "--quick",
                        "--rounds=1",
                        "--clients=1"),
                    List.of("--password-file=/etc/mysql-tls-proxy/password"))
                .stream()
                .flatMap(List::stream)
                .toArray(String[]::new));
    assertTrue(measured.contains("overhead.html"), measured);
  }

  @Test
  void aWrongOptionIsNamedAndEndsItWithStatus2() {
    String proxy = create("--env=MYSQL_TLS_PROXY_PORT=99999");

    assertEquals("2", Docker.run("wait", proxy));
    assertTrue(Docker.run("logs", proxy).contains("MYSQL_TLS_PROXY_PORT: port=99999"));
  }

  @Test
  void aFileThatTheUserMayNotReadIsReportedWithTheCommandThatLetsItRead() throws Exception {
    Path directory = Mounted.DIRECTORY.path();
    Path key = Files.copy(CERTIFICATES.serverKey(), directory.resolve("secret-key.pem"));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));

    String ofFile = create("--env=MYSQL_TLS_PROXY_SSL_KEY=secret-key.pem");
    String inDirectory = create("--env=MYSQL_TLS_PROXY_SSL_KEY=closed/server-key.pem");
    Path rules = Files.writeString(directory.resolve("secret.sql"), "ALTER USER a REQUIRE SSL;");
    Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rw-------"));
    String ofRules = create("--env=MYSQL_TLS_PROXY_ACCOUNTS=secret.sql");

    assertEquals("2", Docker.run("wait", ofFile));
    assertTrue(
        Docker.run("logs", ofFile)
            .contains(
                "permission denied; let uid 3307 read it:"
                    + " chown 3307 /etc/mysql-tls-proxy/secret-key.pem"),
        () -> Docker.run("logs", ofFile));
    assertEquals("2", Docker.run("wait", ofRules));
    assertTrue(
        Docker.run("logs", ofRules)
            .contains(
                "permission denied; let uid 3307 read it:"
                    + " chown 3307 /etc/mysql-tls-proxy/secret.sql"),
        () -> Docker.run("logs", ofRules));
    assertEquals("2", Docker.run("wait", inDirectory));
    assertTrue(
        Docker.run("logs", inDirectory)
            .contains("let uid 3307 enter /etc/mysql-tls-proxy/closed: chmod a+x /etc/"),
        () -> Docker.run("logs", inDirectory));
  }

  @Test
  void aServiceWhoseNameBeginsLikeAnOptionDoesNotStopTheProxy() throws Exception {
    String proxy =
        run(
            "--env=MYSQL_TLS_PROXY_ANYTHING_SERVICE_HOST=10.96.0.7",
            "--env=MYSQL_TLS_PROXY_ANYTHING_SERVICE_PORT=3306",
            "--env=MYSQL_TLS_PROXY_ANYTHING_PORT=tcp://10.96.0.7:3306",
            "--env=MYSQL_TLS_PROXY_ANYTHING_PORT_3306_TCP_ADDR=10.96.0.7");

    connect(proxy, true).close();
  }

  @Test
  void everyClassThatAStartNeedsComesFromTheCache() {
    String proxy = create("--env=JDK_JAVA_OPTIONS=-XX:AOTMode=on -Xlog:class+load");
    Docker.await(() -> Docker.run("logs", proxy).contains("ready: "));

    List<String> loaded =
        Docker.run("logs", proxy).lines().filter(line -> line.contains(" source: ")).toList();
    long cached = loaded.stream().filter(line -> line.contains("shared objects file")).count();

    assertTrue(cached > 0.9 * loaded.size(), () -> cached + " of " + loaded.size());
  }

  @Test
  void theLicencesOfAllThatItHoldsAreInIt() {
    String list = "/opt/mysql-tls-proxy/THIRD-PARTY.txt";
    String proxy = run();

    String licences = Docker.run("exec", proxy, "cat", list);
    String files = Docker.run("exec", proxy, "ls", "/opt/mysql-tls-proxy/lib");
    for (String jar : files.lines().toList()) {
      String artifact = jar.replaceFirst("-\\d.*", "");
      assertTrue(!jar.endsWith(".jar") || licences.contains(":" + artifact + ":"), artifact);
    }
    Docker.run("exec", proxy, "test", "-s", "/opt/mysql-tls-proxy/licenses/LICENSE.boringssl.txt");
    Docker.run("exec", proxy, "test", "-d", "/opt/mysql-tls-proxy/runtime/legal/java.base");
  }

  /** Starts a proxy that is ready. */
  private String run(String... options) {
    String proxy = create(options);
    Docker.await(() -> Docker.run("logs", proxy).contains("ready: "));
    return proxy;
  }

  private String create(String... options) {
    List<String> command = new ArrayList<>(List.of("run", "--detach", "--network=" + NAME));
    command.addAll(List.of("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"));
    command.addAll(List.of("--memory=128m", "--memory-swap=128m", "--cpus=1"));
    command.add("--publish=127.0.0.1::3307");
    command.add("--volume=" + Mounted.DIRECTORY.path() + ":/etc/mysql-tls-proxy:ro");
    command.add("--env=MYSQL_TLS_PROXY_SSL_CA=/etc/mysql-tls-proxy/ca-cert.pem");
    command.add("--env=MYSQL_TLS_PROXY_BACKEND=" + SERVER + ":3306");
    command.addAll(List.of(options));
    command.add(IMAGE);
    String proxy = Docker.run(command.toArray(String[]::new));
    proxies.add(proxy);
    return proxy;
  }

  private static Connection connect(String proxy, boolean withCertificate) throws SQLException {
    String published = Docker.run("port", proxy, "3307/tcp");
    int port = Integer.parseInt(published.substring(published.lastIndexOf(':') + 1));
    Map<String, String> properties =
        withCertificate
            ? Map.of(
                "user", "root",
                "password", "",
                "sslMode", "verify-full",
                "serverSslCert", CERTIFICATES.ca().toString(),
                "keyStore", CERTIFICATES.clientStore().toUri().toString(),
                "keyStorePassword", ProxyCertificates.STORE_PASSWORD,
                "keyStoreType", "PKCS12")
            : Map.of(
                "user", "root",
                "password", "",
                "sslMode", "verify-full",
                "serverSslCert", CERTIFICATES.ca().toString());
    return JdbcDriver.MARIADB_3.connect(port, "", properties);
  }

  private static boolean letsIn(String proxy) {
    try {
      connect(proxy, true).close();
      return true;
    } catch (SQLException refused) {
      return false;
    }
  }

  private static String ask(Connection client, String query) throws SQLException {
    try (Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static String capabilities(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> line.substring("CapEff:".length()).strip())
        .findFirst()
        .orElseThrow();
  }

  /** The proxy's files, readable by the image's user; made when first asked for. */
  private static final class Mounted {
    static final TemporaryDirectory DIRECTORY = create();

    private static TemporaryDirectory create() {
      try {
        TemporaryDirectory directory = TemporaryDirectory.create("mounted-");
        Path path = directory.path();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Path file :
            List.of(CERTIFICATES.ca(), CERTIFICATES.serverCert(), CERTIFICATES.serverKey())) {
          Path copy = Files.copy(file, path.resolve(file.getFileName()));
          Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        }
        return directory;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
