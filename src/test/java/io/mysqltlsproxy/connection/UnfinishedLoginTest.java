package io.mysqltlsproxy.connection;

import static io.mysqltlsproxy.testing.ServerRecord.assertOnlyFarewell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Wire;
import io.mysqltlsproxy.testing.WithScriptedServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Clients that go away or take too long before their login is through. */
class UnfinishedLoginTest extends WithScriptedServer {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 20, 35})
  void anSslRequestThatBreaksOffIsAGoneClient(int length) throws Exception {
    RawClient client = proxy.greet();

    client.sendRaw(head(Wire.packet(1, Wire.sslRequest(Wire.USUAL)), length));
    client.close();

    assertTrue(proxy.line(client).contains("the client closed"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 30, 50})
  void aLoginThatBreaksOffIsAGoneClient(int length) throws Exception {
    RawClient client = proxy.encrypt();

    client.sendRaw(head(Wire.packet(2, Wire.login("root")), length));
    client.close();

    assertTrue(proxy.line(client).contains("the client closed"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aClientThatGoesAwayDuringTheTlsHandshakeIsSaidToHaveGone() throws Exception {
    RawClient client = proxy.greet();
    client.send(1, Wire.sslRequest(Wire.USUAL));
    client.sendRaw(head(RawClient.clientHello(ClientTls.NONE), 100));

    client.close();

    assertTrue(proxy.line(client).startsWith("TLS handshake failed"), proxy.line(client));
    assertFalse(proxy.line(client).contains("null"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  /** Health checks do so every few seconds. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatOnlyConnectsAndVanishesLeavesACleanEndAndNoLine(boolean greeted)
      throws Exception {
    RawClient client = greeted ? proxy.greet() : RawClient.connect(proxy.address());
    client.reset();

    assertOnlyFarewell(server);
    assertEquals(0, proxy.linesWith("127.0.0.1:" + client.localPort()));
  }

  /** Whoever wants to fill the log can do so thousands of times a second. */
  @Test
  void clientsThatVanishWhileTheyAreTurnedAwayLeaveNoStackTraces() throws Exception {
    restartProxy("max-connections=1");
    ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    Logger netty = (Logger) LoggerFactory.getLogger("io.netty");
    warnings.start();
    netty.addAppender(warnings);
    try (RawClient only = proxy.greet()) {
      assertTrue(only.localPort() > 0);
      for (int i = 0; i < 2000; i++) {
        RawClient.connect(proxy.address()).reset();
      }
    } finally {
      netty.detachAppender(warnings);
    }

    assertEquals(List.of(), warnings.list);
  }

  @Test
  void aClientThatNeverSpeaksIsClosedAfterTheConnectTimeout() throws Exception {
    restartProxy("connect-timeout=2");
    RawClient client = proxy.greet();

    assertTrue(client.isAtEnd());

    assertTrue(proxy.line(client).contains("--connect-timeout=2"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aTlsHandshakeThatNeverEndsIsClosedAfterTheConnectTimeout() throws Exception {
    restartProxy("connect-timeout=2");
    RawClient client = proxy.greet();
    client.send(1, Wire.sslRequest(Wire.USUAL));
    client.sendRaw(head(RawClient.clientHello(ClientTls.NONE), 50));

    client.readToTheEnd(100);

    assertTrue(proxy.line(client).contains("in the TLS handshake"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aLoginThatTricklesIsClosedAfterTheConnectTimeout() throws Exception {
    restartProxy("connect-timeout=2");
    RawClient client = proxy.encrypt();
    byte[] login = Wire.packet(2, Wire.login("u".repeat(200)));

    assertThrows(
        IOException.class,
        () -> {
          for (byte each : login) {
            client.sendRaw(new byte[] {each});
            Thread.sleep(200);
          }
        });

    assertTrue(proxy.line(client).contains("--connect-timeout=2"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aClientWhoseLoginTheServerDoesNotAnswerIsToldSo() throws Exception {
    serve(
        session -> {
          session.send(0, Wire.greeting());
          session.read();
        },
        "connect-timeout=2");
    RawClient client = proxy.encrypt();

    client.send(2, Wire.login("root"));

    Packet error = client.read();
    assertEquals(1158, error.errorCode());
    assertTrue(
        error
            .errorText()
            .contains("(the server did not answer the login within --connect-timeout=2)"),
        error.errorText());
    assertTrue(client.isAtEnd());
  }

  @Test
  void aClientThatOwesTheNextPacketIsClosedWithoutAWord() throws Exception {
    serve(
        session -> {
          session.send(0, Wire.greeting());
          session.read();
          session.send(2, Wire.authSwitchRequest(Wire.NATIVE, "abcdefghijklmnopqrst"));
        },
        "connect-timeout=2");
    RawClient client = proxy.encrypt();
    client.send(2, Wire.login("root"));
    client.read();

    assertTrue(client.isAtEnd());

    assertTrue(proxy.line(client).contains("still authenticating"), proxy.line(client));
  }

  @Test
  void aProxyThatEndsLeadsHandshakesWithTheServerToTheirEnd() throws Exception {
    try (RawClient client = proxy.greet()) {
      proxy.close();

      assertTrue(client.read().errorText().contains("Server shutdown in progress"));
      assertTrue(client.isAtEnd());
      assertOnlyFarewell(server);
    }
  }

  private static byte[] head(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }
}
