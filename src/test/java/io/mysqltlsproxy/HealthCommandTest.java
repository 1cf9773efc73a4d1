package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
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
  void anotherServiceIsSaidToBeOneAndItsBytesAreNotPrinted() throws Exception {
    byte[] bytes = Wire.of().text("\u001b[31mSSH-2.0-x\r\n").bytes();
    try (ScriptedServer other = ScriptedServer.start(session -> session.sendRaw(bytes))) {
      Invocation health = health("--admin-address=127.0.0.1:" + other.port());

      assertEquals(1, health.status());
      String line = health.err();
      assertTrue(line.contains(" is not the proxy's admin port, but another service"), line);
      assertTrue(line.contains("'?[31mSSH-2.0'"), line);
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
