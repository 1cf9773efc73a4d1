package io.mysqltlsproxy.connection;

import static io.mysqltlsproxy.testing.ServerRecord.assertOnlyFarewell;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import io.mysqltlsproxy.testing.WithScriptedServer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins that are unusual and yet right, and what the server gets to see of them. */
class LoginTest extends WithScriptedServer {
  @Test
  void anSslRequestAndTheClientHelloMayComeInOneSegment() throws Exception {
    RawClient client = proxy.greet();

    client.startTls(ClientTls.NONE, Wire.packet(1, Wire.sslRequest(Wire.USUAL)));
    client.send(2, Wire.login("root"));

    assertTrue(client.read().isOk());
  }

  @Test
  void anSslRequestMayComeInTwoSegmentsSplitAnywhere() throws Exception {
    byte[] request = Wire.packet(1, Wire.sslRequest(Wire.USUAL));
    for (int split = 1; split < request.length; split++) {
      try (RawClient client = proxy.greet()) {
        client.sendRaw(Arrays.copyOf(request, split));
        Thread.sleep(5);
        client.sendRaw(Arrays.copyOfRange(request, split, request.length));
        client.startTls(ClientTls.NONE);
        client.send(2, Wire.login("root"));

        assertTrue(client.read().isOk(), "split at " + split);
        client.send(0, new byte[] {1});
      }
    }
  }

  @Test
  void everythingMayComeByteByByte() throws Exception {
    RawClient client = proxy.greet();
    trickle(client, Wire.packet(1, Wire.sslRequest(Wire.USUAL)));
    client.startTls(ClientTls.NONE);
    trickle(client, Wire.packet(2, Wire.login("root")));
    assertTrue(client.read().isOk());

    trickle(client, Wire.packet(0, Wire.changeUser("laura", new byte[20], Wire.NATIVE)));
    assertTrue(client.read().isOk());
    trickle(client, Wire.packet(0, Wire.query("SELECT 1")));
    assertTrue(client.read().isOk());
  }

  @Test
  void anSslRequestOf4BytesIsTaken() throws Exception {
    RawClient client = proxy.greet();
    client.send(1, Arrays.copyOf(Wire.sslRequest(Wire.USUAL), 4));
    client.startTls(ClientTls.NONE);

    client.send(2, Wire.login("root"));

    assertTrue(client.read().isOk());
    assertArrayEquals(Wire.packet(1, Wire.login("root")), server.session().received());
  }

  @Test
  void anSslRequestOf5BytesIsTaken() throws Exception {
    RawClient client = proxy.greet();
    client.send(1, Wire.of(1, Wire.SSL >> 8, 0xFF, 0xFF, 0xFF).bytes());
    client.startTls(ClientTls.NONE);

    client.send(2, Wire.of(1, Wire.SSL >> 8, 0xFF, 0xFF, 0xFF).text("root\0").bytes());

    assertTrue(client.read().isOk());
    byte[] seen = Wire.of(1, 0, 0xFF, 0xFF, 0xFF).text("root\0").bytes();
    assertArrayEquals(Wire.packet(1, seen), server.session().received());
  }

  @Test
  void aLoginWithoutTheSslFlagInsideTlsIsTaken() throws Exception {
    RawClient client = proxy.encrypt();

    client.send(2, Wire.login(Wire.USUAL, "root", new byte[0], Wire.NATIVE));

    assertTrue(client.read().isOk());
    assertArrayEquals(Wire.packet(1, Wire.login("root")), server.session().received());
  }

  @Test
  void theServerSeesTheFlagsOfTheSslRequestWithoutTls() throws Exception {
    int asked = Wire.USUAL | 2 | (1 << 30);
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE, asked);

    client.send(2, Wire.login(Wire.USUAL | 4 | 64 | Wire.SSL, "root", new byte[0], Wire.NATIVE));

    assertTrue(client.read().isOk());
    byte[] seen = Wire.login(Wire.USUAL | 2, "root", new byte[0], Wire.NATIVE);
    assertArrayEquals(Wire.packet(1, seen), server.session().received());
  }

  @Test
  void theGreetingOffersTlsAndNoCompressionAndIsOtherwiseTheServersOwn() throws Exception {
    RawClient client = RawClient.connect(proxy.address());

    Packet greeting = client.read();

    int offered = Wire.USUAL | Wire.LENENC_AUTH | Wire.SSL | (1 << 30);
    assertArrayEquals(Wire.greeting(offered, Wire.NATIVE), greeting.payload());
    assertEquals(0, greeting.sequenceId());
  }

  @Test
  void aPlainLoginIsTakenWhereTlsIsNotRequired() throws Exception {
    restartProxy("require-secure-transport=OFF");
    RawClient client = proxy.greet();

    client.send(1, Wire.login("root"));

    Packet ok = client.read();
    assertTrue(ok.isOk());
    assertEquals(2, ok.sequenceId());
    assertArrayEquals(Wire.packet(1, Wire.login("root")), server.session().received());
  }

  /** It would compress what it sends after the login, and wait for an answer. */
  @ParameterizedTest
  @ValueSource(ints = {Wire.COMPRESS, Wire.ZSTD})
  void aClientThatCompressesAlthoughThatWasNotOfferedIsToldToTurnItOff(int flag) throws Exception {
    assertToldToTurnOffCompression(Wire.USUAL | flag, Wire.USUAL);
    assertToldToTurnOffCompression(Wire.USUAL, Wire.USUAL | flag);
    restartProxy("require-secure-transport=OFF");
    try (RawClient client = proxy.greet()) {
      client.send(1, Wire.login(Wire.USUAL | flag, "root", new byte[0], Wire.NATIVE));
      assertTurnOffCompression(client);
    }
  }

  private void assertToldToTurnOffCompression(int ofSslRequest, int ofLogin) throws Exception {
    try (RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE, ofSslRequest)) {
      client.send(2, Wire.login(ofLogin, "root", new byte[0], Wire.NATIVE));
      assertTurnOffCompression(client);
    }
  }

  private static void assertTurnOffCompression(RawClient client) throws Exception {
    Packet error = client.read();
    assertEquals(1043, error.errorCode());
    assertTrue(
        error.errorText().contains("the client asks for compression, which was not offered; turn"),
        error.errorText());
    assertTrue(client.isAtEnd());
  }

  @Test
  void aPlainLoginIsRefusedWhereItsAccountRequiresSsl() throws Exception {
    restartProxy("require-secure-transport=OFF", "require=SSL");
    RawClient client = proxy.greet();

    client.send(1, Wire.login("laura"));

    Packet error = client.read();
    assertEquals(
        "#28000Access denied for user 'laura'@'localhost' (using password: NO)", error.errorText());
    assertTrue(proxy.line(client).contains("not encrypted"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aClientWithACertificateComesInWhereX509IsRequired() throws Exception {
    restartProxy("require=X509");
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.LAURA);

    client.send(2, Wire.login("laura"));

    assertTrue(client.read().isOk());
  }

  @Test
  void severalAuthSwitchRequestsInARowAreRelayedAndCounted() throws Exception {
    serve(
        session -> {
          session.send(0, Wire.greeting());
          session.read();
          session.send(2, Wire.authSwitchRequest(Wire.NATIVE, "abcdefghijklmnopqrst"));
          assertArrayEquals("first".getBytes(US_ASCII), session.read().payload());
          session.send(4, Wire.authSwitchRequest("dialog", "Password: "));
          assertArrayEquals("second".getBytes(US_ASCII), session.read().payload());
          session.send(6, Wire.of(0xFE).bytes());
          assertArrayEquals("third\0".getBytes(US_ASCII), session.read().payload());
          session.send(8, Wire.of(1).text("more").bytes());
          assertArrayEquals(new byte[0], session.read().payload());
          session.send(10, new byte[0]);
          assertArrayEquals(new byte[0], session.read().payload());
          session.send(12, Wire.ok());
          ScriptedServer.answerCommands(session);
        });
    RawClient client = proxy.encrypt();
    client.send(2, Wire.login("root"));

    Packet request = client.read();
    assertEquals(3, request.sequenceId());
    assertArrayEquals(
        Wire.authSwitchRequest(Wire.NATIVE, "abcdefghijklmnopqrst"), request.payload());
    client.send(4, "first".getBytes(US_ASCII));
    assertEquals(0xFE, client.read().first());
    client.send(6, "second".getBytes(US_ASCII));
    assertArrayEquals(new byte[] {(byte) 0xFE}, client.read().payload());
    client.send(8, "third\0".getBytes(US_ASCII));
    assertArrayEquals(Wire.of(1).text("more").bytes(), client.read().payload());
    client.send(10, new byte[0]);
    assertArrayEquals(new byte[0], client.read().payload());
    client.send(12, new byte[0]);

    Packet ok = client.read();
    assertTrue(ok.isOk());
    assertEquals(13, ok.sequenceId());
    client.send(0, Wire.query("SELECT 1"));
    assertEquals(1, client.read().sequenceId());
  }

  private static void trickle(RawClient client, byte[] bytes) throws Exception {
    for (byte each : bytes) {
      client.sendRaw(new byte[] {each});
      Thread.sleep(2);
    }
  }
}
