package io.mysqltlsproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCommandTest {
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource({"200, 0", "503, 1"})
  void theStatusIsThatOfTheAdminPortsAnswer(int answer, int status) throws IOException {
    HttpServer admin =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    admin.createContext(
        "/healthz",
        exchange -> {
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    admin.start();
    try {
      assertEquals(status, health("--admin-address=127.0.0.1:" + admin.getAddress().getPort()));
    } finally {
      admin.stop(0);
    }
  }

  @Test
  void whereNobodyListensTheAddressIsNamed() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    assertEquals(1, health("--admin-address=127.0.0.1:" + port));
    assertTrue(
        errors.toString(UTF_8).startsWith("mysql-tls-proxy: 127.0.0.1:" + port), errors::toString);
  }

  @Test
  void withoutAnAdminPortTheOptionIsNamed() {
    assertEquals(2, health());
    assertTrue(errors.toString(UTF_8).contains("--admin-address"), errors::toString);
  }

  private int health(String... flags) {
    String[] arguments = new String[flags.length + 1];
    arguments[0] = "health";
    System.arraycopy(flags, 0, arguments, 1, flags.length);
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    return Main.execute(arguments, Map.of(), out, new PrintStream(errors, true, UTF_8));
  }
}
