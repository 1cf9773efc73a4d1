package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xml.sax.InputSource;

/** {@code overhead}, as its users call it. What it measures here is not looked at. */
class OverheadIT {
  private static final String USER = "engineer";
  private static final String PASSWORD = "lighthouse";

  private static final Set<TestServer> READY = ConcurrentHashMap.newKeySet();

  private final Path directory;

  OverheadIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @EnumSource(names = {"MYSQL_5_5", "MYSQL_9_7"})
  void everyWayIsMeasuredAndWrittenDown(ServerKind kind) throws Exception {
    TestServer server = kind.server();
    account(server);

    Ended ended = overhead(server, "--quick", "--rounds=1", "--clients=2");

    assertEquals(0, ended.status(), ended::text);
    String csv = Files.readString(directory.resolve("report.csv"));
    String html = Files.readString(directory.resolve("report.html"));
    assertAll(
        () -> assertTrue(ended.text().contains("point select, 2 clients"), ended::text),
        () -> assertTrue(csv.contains("point select,2,\"direct, no TLS\","), csv),
        () -> assertTrue(csv.contains("bulk read,2,\"proxy, TLSv1.3\","), csv),
        () -> assertTrue(csv.contains("connect,2,\"proxy, TLSv1.3, resumed\","), csv),
        () -> assertTrue(ended.text().contains("while 4 others log in"), ended::text),
        () -> assertTrue(csv.contains("queries beside logins,2,\"direct, no TLS\","), csv),
        () -> assertTrue(csv.contains("logins beside queries,4,\"proxy, TLSv1.3\","), csv),
        () -> assertTrue(ended.text().contains("first logins of a fresh process"), ended::text),
        () -> assertTrue(csv.contains("first 1000 logins,4,\"proxy, TLSv1.3\","), csv),
        () -> assertTrue(html.contains("class=\"bars\""), "charts"),
        () -> assertTrue(html.contains("overhead --backend="), "the command"),
        () -> assertTrue(Files.readString(directory.resolve("report.json")).contains("\"p99_us\"")),
        () -> assertTrue(!(ended.text() + html).contains(PASSWORD), "no password"));
  }

  @Test
  void whatMoreClientsDoIsDrawnAndSoIsTheMemoryOfIdleOnes() throws Exception {
    TestServer server = Servers.mysql55();
    account(server);

    Ended ended =
        overhead(server, "--scaling", "--clients=1,16", "--idle=20", "--rounds=1", "--time=1");

    assertEquals(0, ended.status(), ended::text);
    String csv = Files.readString(directory.resolve("report.csv"));
    assertAll(
        () -> assertTrue(ended.text().contains("point select, 16 clients"), ended::text),
        () -> assertTrue(ended.text().contains("20 idle connections"), ended::text),
        () -> assertTrue(csv.contains("point select,16,\"proxy, TLSv1.3\","), csv),
        () -> assertTrue(csv.contains("idle,20,\"proxy, TLSv1.3\","), csv),
        () -> chart("point-select-rate", "proxy, TLSv1.3"),
        () -> chart("point-select-cpu", "proxy, TLSv1.3"),
        () -> chart("idle-memory", "proxy, no TLS"));
  }

  private void chart(String name, String way) throws Exception {
    String svg = Files.readString(directory.resolve("report-" + name + ".svg"));
    var text =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)))
            .getDocumentElement()
            .getTextContent();
    assertTrue(text.contains(way), svg);
  }

  @Test
  void aServerThatTakesFewerClientsIsToldBeforeTheLongWorkBegins() throws Exception {
    TestServer server = Servers.mysql55();
    account(server);

    Ended ended = overhead(server, "--scaling", "--idle=400");

    assertEquals(1, ended.status(), ended::text);
    assertTrue(ended.text().contains("512 clients: ERROR 1040"), ended::text);
    assertTrue(
        ended.text().contains("raise the server's max_connections, or give fewer"), ended::text);
  }

  @Test
  void anAccountThatTakesFewerClientsIsNotBlamedOnTheServer() throws Exception {
    TestServer server = Servers.mysql55();
    server.sql(
        "CREATE DATABASE IF NOT EXISTS test",
        "GRANT ALL ON test.* TO 'few'@'localhost' IDENTIFIED BY '' WITH MAX_USER_CONNECTIONS 10");

    Ended ended =
        run(
            List.of(
                "--backend=127.0.0.1:" + server.port(), "--user=few", "--quick", "--clients=32"));

    assertEquals(1, ended.status(), ended::text);
    assertTrue(ended.text().contains("32 clients: ERROR 1226"), ended::text);
    assertTrue(ended.text().strip().endsWith("; give fewer --clients and --idle"), ended::text);
  }

  @Test
  void aWrongPasswordIsToldBeforeTheLongWorkBegins() throws Exception {
    TestServer server = Servers.mysql55();
    account(server);
    Files.writeString(directory.resolve("password"), "wrong\n");

    Ended ended =
        run(
            List.of(
                "--backend=127.0.0.1:" + server.port(),
                "--user=" + USER,
                "--password-file=" + directory.resolve("password")));

    assertEquals(1, ended.status(), ended::text);
    assertTrue(
        ended.text().startsWith("mysql-tls-proxy: overhead: direct, no TLS: connect: ERROR 1045"),
        ended::text);
  }

  @Test
  void aTableThatCannotBeMadeIsToldBeforeTheLongWorkBegins() throws Exception {
    TestServer server = Servers.mysql55();
    account(server);
    server.sql(
        "CREATE DATABASE IF NOT EXISTS archive",
        "GRANT SELECT ON archive.* TO 'reader'@'localhost' IDENTIFIED BY ''");

    Ended ended =
        run(List.of("--backend=127.0.0.1:" + server.port(), "--user=reader", "--database=archive"));

    assertEquals(1, ended.status(), ended::text);
    assertTrue(ended.text().contains("CREATE TEMPORARY TABLES"), ended::text);
  }

  /** Makes the account, once for each server. */
  private static void account(TestServer server) {
    if (!READY.add(server)) {
      return;
    }
    server.sql(
        "CREATE DATABASE IF NOT EXISTS test",
        "CREATE USER '" + USER + "'@'%' IDENTIFIED BY '" + PASSWORD + "'",
        "CREATE USER '" + USER + "'@'localhost' IDENTIFIED BY '" + PASSWORD + "'",
        "GRANT ALL ON test.* TO '" + USER + "'@'%'",
        "GRANT ALL ON test.* TO '" + USER + "'@'localhost'");
  }

  private Ended overhead(TestServer server, String... flags) throws Exception {
    Files.writeString(directory.resolve("password"), PASSWORD + "\n");
    List<String> all =
        new ArrayList<>(
            List.of(
                "--backend=127.0.0.1:" + server.port(),
                "--user=" + USER,
                "--password-file=" + directory.resolve("password"),
                "--output=" + directory.resolve("report")));
    all.addAll(List.of(flags));
    return run(all);
  }

  private record Ended(int status, String text) {}

  private Ended run(List<String> flags) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of("bin", "mysql-tls-proxy").toAbsolutePath().toString(), "overhead"));
    command.addAll(flags);
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    assertTrue(process.waitFor(15, TimeUnit.MINUTES), "it ends");
    return new Ended(process.exitValue(), Files.readString(output));
  }
}
