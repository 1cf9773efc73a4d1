package io.mysqltlsproxy.connection;

import static io.mysqltlsproxy.testing.ServerRecord.assertOnlyFarewell;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ServerRecord;
import io.mysqltlsproxy.testing.Wire;
import io.mysqltlsproxy.testing.WithScriptedServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not come from a client before its login is through, and what MySQL says to it. */
class BadInputTest extends WithScriptedServer {
  private static final int SIXTEEN_MIB = 0xFFFFFF;

  @ParameterizedTest
  @CsvSource({
    "47455420 2f20485454502f312e310d0a0d0a, the client speaks HTTP instead of MySQL's protocol",
    "48454144 202f, the client speaks HTTP instead",
    "5353482d 322e300d0a, the client speaks SSH instead",
    "45484c4f 20780d0a, the client speaks SMTP instead",
    "50494e47 0d0a, the client speaks Redis' protocol instead",
    "00000008 04d2162f, the client speaks PostgreSQL's protocol instead",
    "68656c6c 6f0d0a, the client sent text instead",
    "00000007 010203, sequence id 7 instead of 1",
  })
  void whatIsNoSslRequestIsOutOfOrderAndNamed(String hex, String line) throws Exception {
    RawClient client = proxy.greet();

    client.sendRaw(HexFormat.of().parseHex(hex.replace(" ", "")));

    assertRefused(client, 1, 1156, "#08S01Got packets out of order");
    assertTrue(proxy.line(client).contains(line), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void directTlsIsClosedWithoutAnAnswer() throws Exception {
    RawClient client = proxy.greet();

    client.sendRaw(RawClient.clientHello(ClientTls.NONE));

    assertTrue(client.isAtEnd());
    assertTrue(proxy.line(client).contains("began with TLS"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aFirstPacketOf16MibIsTooLarge() throws Exception {
    RawClient client = proxy.greet();

    client.sendRaw(Wire.header(SIXTEEN_MIB, 1).text("whatever").bytes());

    assertRefused(client, 2, 1153, "#08S01Got a packet bigger than 'max_allowed_packet' bytes");
    assertTrue(proxy.line(client).contains("16777215 bytes"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aLoginOf16MibIsTooLarge() throws Exception {
    RawClient client = proxy.encrypt();

    client.sendRaw(Wire.header(SIXTEEN_MIB, 2).text("whatever").bytes());

    assertRefused(client, 3, 1153, "#08S01Got a packet bigger than 'max_allowed_packet' bytes");
    assertTrue(proxy.line(client).contains("16777215 bytes"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 6, 31})
  void aFirstPacketTooShortForAnythingIsABadHandshake(int length) throws Exception {
    RawClient client = proxy.greet();

    client.send(1, head(Wire.sslRequest(Wire.USUAL), length));

    assertRefused(client, 2, 1043, "#08S01Bad handshake");
    assertTrue(proxy.line(client).contains("SSLRequest"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aUserNameWithoutEndIsABadHandshake() throws Exception {
    RawClient client = proxy.encrypt();

    client.send(2, head(Wire.login("root"), 36));

    assertRefused(client, 3, 1043, "#08S01Bad handshake");
    assertTrue(proxy.line(client).contains("user name has no end"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void anAuthenticationResponseLongerThanItsPacketIsABadHandshake() throws Exception {
    RawClient client = proxy.encrypt();
    byte[] login = Wire.login(Wire.USUAL, "root", new byte[20], "");
    login[37] = 100;

    client.send(2, login);

    assertRefused(client, 3, 1043, "#08S01Bad handshake");
    assertTrue(proxy.line(client).contains("runs past the end"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 255})
  void anSslRequestUnderAnotherSequenceIdThan1IsOutOfOrder(int id) throws Exception {
    RawClient client = proxy.greet();

    client.send(id, Wire.sslRequest(Wire.USUAL));

    assertRefused(client, 1, 1156, "#08S01Got packets out of order");
    assertTrue(proxy.line(client).contains("sequence id " + id), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aLoginUnderAnotherSequenceIdThan2IsOutOfOrder(int id) throws Exception {
    RawClient client = proxy.encrypt();

    client.send(id, Wire.login("root"));

    assertRefused(client, 2, 1156, "#08S01Got packets out of order");
    assertTrue(proxy.line(client).contains("sequence id " + id), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aPlainLoginBehindTheSslRequestInOneSegmentNeverReachesTheServer() throws Exception {
    RawClient client = proxy.greet();

    client.sendRaw(
        Wire.of()
            .add(Wire.packet(1, Wire.sslRequest(Wire.USUAL)))
            .add(Wire.packet(2, Wire.login("root")))
            .bytes());

    client.readToTheEnd(100);
    assertTrue(proxy.line(client).startsWith("TLS handshake failed"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aCommandBehindTheSslRequestAndTheClientHelloIsNeverRead() throws Exception {
    RawClient client = proxy.greet();

    client.sendRaw(
        Wire.of()
            .add(Wire.packet(1, Wire.sslRequest(Wire.USUAL)))
            .add(RawClient.clientHello(ClientTls.NONE))
            .add(Wire.packet(2, Wire.login("root")))
            .bytes());

    client.readToTheEnd(100_000);
    assertTrue(proxy.line(client).contains("TLS"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aPlainClientIsToldThatInsecureTransportIsProhibited() throws Exception {
    RawClient client = proxy.greet();

    client.send(1, Wire.login("root"));

    assertRefused(
        client,
        2,
        3159,
        "#HY000Connections using insecure transport are prohibited while"
            + " --require_secure_transport=ON.");
    assertTrue(proxy.line(client).contains("did not ask for TLS"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aUserNameCannotForgeALineOfTheLog() throws Exception {
    restartProxy("require=X509");
    RawClient client = proxy.encrypt();
    String forged = "a\r\nforged\u001b\u007f";

    client.send(
        2,
        Wire.login(
            Wire.USUAL, forged + "\u00c2\u0085\u00e2\u0080\u00a8", new byte[0], Wire.NATIVE));

    assertEquals(1045, client.read().errorCode());
    String line = proxy.line(client);
    assertTrue(line.contains("forged"), line);
    assertTrue(line.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028), line);
    assertOnlyFarewell(server);
  }

  @Test
  void aLongUserNameDoesNotFloodTheLog() throws Exception {
    restartProxy("require=X509");
    RawClient client = proxy.encrypt();

    client.send(2, Wire.login("u".repeat(100_000)));

    assertEquals(1043, client.read().errorCode());
    assertTrue(proxy.line(client).length() < 2_000);
    assertOnlyFarewell(server);
  }

  @Test
  void aClientWithoutACertificateIsRefusedWithError1045WhereX509IsRequired() throws Exception {
    restartProxy("require=X509");
    RawClient client = proxy.encrypt();

    client.send(2, Wire.login(Wire.USUAL, "laura", new byte[20], Wire.NATIVE));

    assertRefused(
        client, 3, 1045, "#28000Access denied for user 'laura'@'localhost' (using password: YES)");
    assertTrue(proxy.line(client).contains("showed no certificate"), proxy.line(client));
    assertOnlyFarewell(server);
  }

  @Test
  void aCertificateThatDoesNotVerifyIsATlsAlert() throws Exception {
    for (SSLContext bad : List.of(ClientTls.FOREIGN, ClientTls.EXPIRED, ClientTls.WRONG_PURPOSE)) {
      RawClient client = proxy.greet();
      client.send(1, Wire.sslRequest(Wire.USUAL));

      SSLException alert =
          assertThrows(
              SSLException.class,
              () -> {
                client.startTls(bad);
                client.read();
              });

      assertTrue(alert.toString().contains("alert"), alert.toString());
      assertTrue(proxy.line(client).startsWith("TLS handshake failed"), proxy.line(client));
      assertFalse(proxy.line(client).contains("null"), proxy.line(client));
      assertOnlyFarewell(server);
    }
  }

  @Test
  void aClearPasswordWithoutALengthNeverReachesTheServer() throws Exception {
    assertPasswordStays(Wire.USUAL & ~Wire.SECURE_CONNECTION, "secret");
  }

  @Test
  void aClearPasswordWithALengthEncodedLengthNeverReachesTheServer() throws Exception {
    assertPasswordStays((Wire.USUAL & ~Wire.SECURE_CONNECTION) | Wire.LENENC_AUTH, "secret\0");
  }

  private void assertPasswordStays(int flags, String password) throws Exception {
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE, flags);

    client.send(2, Wire.login(flags, "laura", password.getBytes(US_ASCII), "sha256_password"));

    client.read();
    assertFalse(ServerRecord.text(server.session()).contains("secret"));
  }

  private void assertRefused(RawClient client, int sequenceId, int code, String text)
      throws IOException {
    Packet error = client.read();
    assertEquals(
        List.of(sequenceId, code, text),
        List.of(error.sequenceId(), error.errorCode(), error.errorText()),
        error.toString());
    assertTrue(client.isAtEnd());
  }

  private static byte[] head(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }
}
