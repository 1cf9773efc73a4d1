package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.mysqltlsproxy.testing.ClosedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
    try (ClosedPort nobody = new ClosedPort()) {
      String address = "127.0.0.1:" + nobody.number();

      Invocation health = health("--admin-address=" + address);

      assertEquals(1, health.status());
      assertTrue(health.err().startsWith("mysql-tls-proxy: " + address), health::err);
    }
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
