package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ScriptedServer.Session;
import java.nio.charset.StandardCharsets;

/** What a server must have received of a client that did not come in. */
public final class ServerRecord {
  /** A login without a password, as the proxy writes it by itself. */
  private static final byte[] FAREWELL =
      Wire.packet(
          1,
          Wire.login(
              Wire.LONG_PASSWORD | Wire.PROTOCOL_41 | Wire.SECURE_CONNECTION | Wire.PLUGIN_AUTH,
              ScriptedServer.NOBODY,
              new byte[0],
              Wire.NATIVE));

  private ServerRecord() {}

  /** Nothing of the client's: only the login of nobody, by which the handshake ends cleanly. */
  public static void assertOnlyFarewell(ScriptedServer server) throws InterruptedException {
    Session session = server.session();
    assertTrue(session.isOver(), "the connection to the server is still open");
    assertArrayEquals(FAREWELL, session.received(), () -> text(session));
  }

  public static String text(Session session) {
    return new String(session.received(), StandardCharsets.ISO_8859_1);
  }
}
