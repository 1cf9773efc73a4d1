package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCommandTest {
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
      assertEquals(
          status, health("--admin-address=127.0.0.1:" + admin.getAddress().getPort()).status());
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

    Invocation health = health("--admin-address=127.0.0.1:" + port);

    assertEquals(1, health.status());
    assertTrue(health.err().startsWith("mysql-tls-proxy: 127.0.0.1:" + port), health::err);
  }

  @Test
  void withoutAnAdminPortTheOptionIsNamed() {
    Invocation health = health();

    assertEquals(2, health.status());
    assertTrue(health.err().contains("--admin-address"), health::err);
  }

  private static Invocation health(String... flags) {
    return Invocation.of(
        Stream.concat(Stream.of("health"), Stream.of(flags)).toArray(String[]::new));
  }
}
