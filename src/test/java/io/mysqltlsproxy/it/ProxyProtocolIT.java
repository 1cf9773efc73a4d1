package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.Packets;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY headers from balancers in front, and to a server behind. */
class ProxyProtocolIT {
  private static final byte[] V1 = "PROXY TCP4 10.1.2.3 10.9.9.9 5555 3306\r\n".getBytes(US_ASCII);
  private static final byte[] V2 =
      Packets.hex("0d0a0d0a000d0a515549540a 21 11 000c 0a010203 0a090909 15b3 0cea");
  private static final byte[] V2_LOCAL = Packets.hex("0d0a0d0a000d0a515549540a 20 00 0000");
  private static final byte[] UNKNOWN = "PROXY UNKNOWN\r\n".getBytes(US_ASCII);

  @AutoClose private final Opened opened = new Opened();

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theRulesSeeTheAddressThatABalancerAnnounces(int version) throws Exception {
    RunningProxy proxy = proxy("proxy-protocol-networks=127.0.0.0/8", "require=X509");

    RawClient client = connect(proxy, version == 1 ? V1 : V2);

    assertEquals("'root'@'10.1.2.3'", refusedAs(client));
    assertEquals(1, proxy.linesWith("10.1.2.3:5555: refused: Access denied"));
  }

  @Test
  void aHeaderMayComeInPiecesAndTogetherWithTheFirstPacket() throws Exception {
    RunningProxy proxy = proxy("proxy-protocol-networks=*", "require=X509");
    RawClient client = opened.keep(RawClient.connect(proxy.address()));
    client.read();
    for (int i = 0; i < V2.length - 1; i++) {
      client.sendRaw(new byte[] {V2[i]});
      Thread.sleep(5);
    }
    client.sendRaw(
        Wire.of()
            .add(new byte[] {V2[V2.length - 1]})
            .add(Wire.packet(1, Wire.sslRequest(Wire.USUAL)))
            .bytes());
    client.startTls(ClientTls.NONE);
    client.send(2, Wire.login("root"));

    assertTrue(client.read().errorText().contains("'root'@'10.1.2.3'"));
  }

  @Test
  void localAndUnknownAndNoHeaderAtAllAreTheBalancersOwnAddress() throws Exception {
    RunningProxy proxy = proxy("proxy-protocol-networks=127.0.0.1", "require=X509");

    assertEquals("'root'@'localhost'", refusedAs(connect(proxy, V2_LOCAL)));
    assertEquals("'root'@'localhost'", refusedAs(connect(proxy, UNKNOWN)));
    assertEquals("'root'@'localhost'", refusedAs(connect(proxy, new byte[0])));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aHeaderFromAnAddressThatIsNotListedIsAnErrorThatSaysWhy(int version) throws Exception {
    RunningProxy proxy = proxy("proxy-protocol-networks=10.0.0.0/8");
    RawClient client = connect(proxy, version == 1 ? V1 : V2);
    client.read();

    Packet error = client.read();

    assertEquals(1043, error.errorCode());
    assertEquals("#08S01Proxy header is not accepted from 127.0.0.1", error.errorText());
    assertEquals(
        "a PROXY header, but its sender is not in --proxy-protocol-networks", proxy.line(client));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY TCP4 10.1.2.3 nonsense\r\n", "PROXY TCP9 1.2.3.4 1.2.3.4 1 1\r\n"})
  void aBrokenHeaderEndsTheConnection(String header) throws Exception {
    RunningProxy proxy = proxy("proxy-protocol-networks=127.0.0.1");
    RawClient client = connect(proxy, header.getBytes(US_ASCII));

    client.readToTheEnd(1000);
    assertTrue(proxy.line(client).startsWith("bad PROXY header: "), proxy.line(client));
  }

  @ParameterizedTest
  @CsvSource({
    // Version 2: addition 03 of 65,535 bytes, of which there are three; command 2; family 4.
    "21 11 0012 0a010203 0a090909 15b3 0cea 03ffff616263, a length in it runs past its end",
    "22 11 000c 0a010203 0a090909 15b3 0cea, unknown command: 2",
    "21 41 000c 0a010203 0a090909 15b3 0cea, unknown transport protocol + address family: 65",
  })
  void aBrokenHeaderIsNotMistakenForTls(String header, String why) throws Exception {
    RunningProxy proxy = proxy("proxy-protocol-networks=127.0.0.1");
    RawClient client = connect(proxy, Packets.hex("0d0a0d0a000d0a515549540a " + header));

    client.readToTheEnd(1000);
    assertEquals("bad PROXY header: " + why, proxy.line(client));
  }

  @ParameterizedTest
  @ValueSource(strings = {"V1", "V2"})
  void theProxysOwnConnectionsHaveAHeaderToo(String version) throws Exception {
    RunningProxy proxy =
        opened.keep(RunningProxy.before(mariaDb().address(), "backend-proxy-protocol=" + version));

    assertEquals(Optional.empty(), proxy.probe());
  }

  @Test
  void aHeaderWithoutAnEndIsBounded() throws Exception {
    RunningProxy proxy = proxy("proxy-protocol-networks=127.0.0.1");
    RawClient client = connect(proxy, ("PROXY TCP4 " + "1".repeat(500)).getBytes(US_ASCII));

    client.readToTheEnd(1000);
    assertTrue(proxy.line(client).startsWith("bad PROXY header: "), proxy.line(client));
  }

  @ParameterizedTest
  @CsvSource({"V1, 1", "V2, 1", "V2, 2"})
  void theServerSeesTheClientsAddress(String towardsTheServer, int fromTheBalancer)
      throws Exception {
    TestServer server = mariaDb();
    RunningProxy proxy =
        opened.keep(
            RunningProxy.before(
                server.address(),
                "proxy-protocol-networks=127.0.0.1",
                "backend-proxy-protocol=" + towardsTheServer));

    RawClient client = loggedIn(connect(proxy, fromTheBalancer == 1 ? V1 : V2));

    assertEquals("10.1.2.3:5555", hostOf(server));
    client.send(0, new byte[] {1});
  }

  @Test
  void theServerSeesTheClientsAddressWithoutABalancerToo() throws Exception {
    TestServer server = mariaDb();
    RunningProxy proxy =
        opened.keep(RunningProxy.before(server.address(), "backend-proxy-protocol=V2"));

    RawClient client = loggedIn(opened.keep(RawClient.connect(proxy.address())));

    assertEquals("localhost:" + client.localPort(), hostOf(server));
  }

  @Test
  void overAUnixSocketTheServerSeesItAsWell() throws Exception {
    TestServer server = mariaDb();
    String socket = server.socket().orElseThrow().toString();
    RunningProxy proxy =
        opened.keep(
            RunningProxy.beforeBackend(
                "unix:" + socket,
                "proxy-protocol-networks=127.0.0.1",
                "backend-proxy-protocol=V1"));

    loggedIn(connect(proxy, V1));

    assertEquals("10.1.2.3:5555", hostOf(server));
  }

  @Test
  void withAHeaderForTheServerABalancerMustSendOne() throws Exception {
    RunningProxy proxy =
        proxy(
            "proxy-protocol-networks=127.0.0.1", "backend-proxy-protocol=V1", "connect-timeout=4");
    RawClient without = connect(proxy, Wire.packet(1, Wire.sslRequest(Wire.USUAL)));
    assertTrue(without.isAtEnd());
    assertTrue(proxy.line(without).startsWith("bad PROXY header: there is none"));

    RawClient silent = connect(proxy, new byte[0]);
    assertTrue(silent.readToTheEnd(1000) >= 0);
    assertTrue(
        proxy.line(silent).startsWith("no login within --connect-timeout=4"), proxy.line(silent));
  }

  /** What the refusal calls the account: {@code 'root'@'10.1.2.3'}. */
  private static String refusedAs(RawClient client) throws IOException {
    client.read();
    client.send(1, Wire.sslRequest(Wire.USUAL));
    client.startTls(ClientTls.NONE);
    client.send(2, Wire.login("root"));
    String text = client.read().errorText();
    return text.replaceFirst(".*for user ", "").replaceFirst(" \\(using.*", "");
  }

  private static RawClient loggedIn(RawClient client) throws IOException {
    client.read();
    client.send(1, Wire.sslRequest(Wire.USUAL));
    client.startTls(ClientTls.NONE);
    client.logIn("app");
    return client;
  }

  private static String hostOf(TestServer server) {
    return server
        .sql("SELECT HOST FROM information_schema.processlist WHERE user = 'app'")
        .get(0)
        .get(0);
  }

  /** One that believes headers from loopback addresses and its socket. */
  private TestServer mariaDb() throws IOException {
    MariaDb.MARIADB_11_4.unavailable().ifPresent(reason -> abort(reason));
    TestServer server =
        opened.keep(MariaDb.MARIADB_11_4.start("--proxy-protocol-networks=127.0.0.0/8,localhost"));
    server.sql("CREATE USER 'app'@'%'", "GRANT ALL ON *.* TO 'app'@'%'");
    return server;
  }

  private RawClient connect(RunningProxy proxy, byte[] first) throws IOException {
    RawClient client = opened.keep(RawClient.connect(proxy.address()));
    client.sendRaw(first);
    return client;
  }

  private RunningProxy proxy(String... options) throws IOException {
    return opened.keep(
        RunningProxy.before(opened.keep(ScriptedServer.polite()).address(), options));
  }
}
