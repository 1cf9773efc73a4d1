package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServersIT {

  @Test
  void mysql55HasNoOpenSsl() {
    TestServer server = Servers.mysql55();

    assertEquals("5.5.9", server.version());
    assertEquals(
        List.of(List.of("have_openssl", "NO"), List.of("have_ssl", "NO")),
        server.sql("SHOW VARIABLES WHERE Variable_name IN ('have_ssl', 'have_openssl')"));
  }
}
