package io.mysqltlsproxy.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The image's health check, with a {@code java} in its path that only says it was called. */
class HealthcheckScriptTest {
  private static final Path SCRIPT = Path.of("src/main/docker/healthcheck").toAbsolutePath();
  private static final int BY_JAVA = 42;

  private record Result(int status, String output) {}

  private final Path directory;
  private final HttpServer admin;
  private int answer = 200;

  HealthcheckScriptTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    Path java = Files.writeString(directory.resolve("java"), "#!/bin/sh\nexit " + BY_JAVA + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    admin.createContext(
        "/healthz",
        exchange -> {
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    admin.start();
  }

  @AfterEach
  void stop() {
    admin.stop(0);
  }

  @ParameterizedTest
  @CsvSource({"200, 0, healthy", "503, 1, not healthy: HTTP/1.1 503"})
  void theStatusIsThatOfTheAdminPortsAnswer(int http, int status, String says) throws Exception {
    answer = http;

    Result result = run(Map.of("MYSQL_TLS_PROXY_ADMIN_ADDRESS", "127.0.0.1:" + port()));

    assertEquals(status, result.status, result.output);
    assertTrue(result.output.contains(says), result.output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[mysql-tls-proxy]\nadmin-address = 127.0.0.1:PORT\n",
        "[mysqld]\nadmin-address=1.2.3.4:1\n[mysql-tls-proxy]\nadmin_address=127.0.0.1:PORT # here",
        "[mysql-tls-proxy]\nadmin-address=10.0.0.1:1\n  admin-address=127.0.0.1:PORT",
      })
  void theAddressIsTakenFromTheOptionFile(String text) throws Exception {
    Result result = run(file(text.replace("PORT", String.valueOf(port()))));

    assertEquals(0, result.status, result.output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[mysql-tls-proxy]\nport=3307\n",
        "[mysql-tls-proxy]\n!include other.cnf\n",
        "[mysql-tls-proxy]\nadmin-address='127.0.0.1:1'\n",
        "[mysqld]\nadmin-address=127.0.0.1:1\n",
      })
  void whatTheScriptCannotReadIsLeftToTheCommand(String text) throws Exception {
    assertEquals(BY_JAVA, run(file(text)).status);
  }

  @Test
  void whereNobodyListensItIsNotHealthy() throws Exception {
    try (ClosedPort nobody = new ClosedPort()) {
      String address = "127.0.0.1:" + nobody.number();

      Result result = run(Map.of("MYSQL_TLS_PROXY_ADMIN_ADDRESS", address));

      assertEquals(new Result(1, address + " does not answer\n"), result);
    }
  }

  @Test
  void whatAnotherServiceAnswersIsPrintedWithoutItsControlCharacters() throws Exception {
    byte[] answer = Wire.of().text("\u001b[31mSSH-2.0\u0007\r\n").bytes();
    try (ScriptedServer other = ScriptedServer.start(session -> session.sendRaw(answer))) {
      String address = "127.0.0.1:" + other.port();

      Result result = run(Map.of("MYSQL_TLS_PROXY_ADMIN_ADDRESS", address));

      assertEquals(new Result(1, address + ": not healthy: [31mSSH-2.0\n"), result);
    }
  }

  private int port() {
    return admin.getAddress().getPort();
  }

  private Map<String, String> file(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("proxy.cnf"), text);
    return Map.of("MYSQL_TLS_PROXY_DEFAULTS_FILE", file.toString());
  }

  private Result run(Map<String, String> environment) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString()).redirectErrorStream(true);
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("PATH", directory + ":" + System.getenv("PATH"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
