package io.mysqltlsproxy.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class DemoServerTest {
  @Test
  void aPortInUseIsOneLineAndNoServerIsStarted() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      IOException refused =
          assertThrows(
              IOException.class, () -> DemoServer.start(new Console(), "--port=" + port).close());

      assertEquals(
          "port "
              + port
              + " is in use: choose another (bin/demo --server=PORT), or stop the process that is"
              + " using it",
          refused.getMessage());
    }
  }
}
