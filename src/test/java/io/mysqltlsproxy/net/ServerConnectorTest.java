package io.mysqltlsproxy.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

/** What users read about a connection that could not be made. */
class ServerConnectorTest {

  /** A server that closes at once may do so before the connect has returned. */
  @Test
  void aResetDuringTheConnectIsAServerThatClosedBeforeItsGreeting() {
    for (String text :
        new String[] {
          "finishConnect(..) failed with error(-104): Connection reset by peer", "Connection reset",
        }) {
      assertEquals(
          "it closed the connection before its greeting",
          ServerConnector.describe(new IOException(text)));
    }
  }

  @Test
  void theSystemsReasonIsSaidWithoutTheNameOfTheCallThatFailed() {
    assertEquals(
        "Connection refused",
        ServerConnector.describe(
            new ConnectException(
                "finishConnect(..) failed with error(-111): Connection refused:"
                    + " /127.0.0.1:3306")));
  }
}
