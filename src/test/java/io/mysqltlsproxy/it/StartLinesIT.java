package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the packaged program says when it starts, or cannot. */
class StartLinesIT {
  @AutoClose private final Opened opened = new Opened();

  @Test
  void inJsonTheLineThatItIsReadyIsJsonAndItsMessageBeginsSo() throws Exception {
    ProxyProcess process = start("log-format=json", "require=X509", "tls-version=TLSv1.3");

    String line = process.firstLine();

    Map<String, String> members = json(line);
    assertTrue(message(members).startsWith("ready: clients connect to 127.0.0.1:"), line);
    assertEquals("INFO", members.get("level"));
    assertEquals("run", members.get("logger"));
    Await.until(() -> !process.errors().isEmpty());
    for (String other : process.errors()) {
      json(other);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "port, 99999, 2",
    "no-such-option, 1, 2",
    "ssl-cert, /none.pem, 2",
    "accounts, /x, 2"
  })
  void inJsonAStartErrorIsOneLineOfJson(String option, String value, int status) throws Exception {
    ProxyProcess process = start("log-format=json", option + "=" + value);

    assertEquals("", process.firstLine());

    assertEquals(status, process.status());
    assertEquals(1, process.errors().size(), process.errors()::toString);
    Map<String, String> members = json(process.errors().get(0));
    assertEquals("ERROR", members.get("level"));
    assertTrue(message(members).contains(option), members::toString);
  }

  @Test
  void inJsonAPortInUseIsALineOfJsonToo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ProxyProcess process =
          start("log-format=json", "require=X509", "port=" + taken.getLocalPort());

      assertEquals(1, process.status());
      assertEquals(1, process.errors().size(), process.errors()::toString);
      assertTrue(message(json(process.errors().get(0))).contains("stop the process"));
    }
  }

  @Test
  void thePolicyInForceIsSaidAtTheStart(@TempDir Path directory) throws Exception {
    Path rules =
        Files.writeString(
            directory.resolve("rules.sql"), "ALTER USER a REQUIRE X509; ALTER USER b;");
    Path crl =
        Files.writeString(
            directory.resolve("crl.pem"), ProxyCertificates.shared().authority().crl().pem());

    ProxyProcess process = start("accounts=" + rules, "ssl-crl=" + crl);
    process.ready();

    String line = lineWith(process, "policy: ");
    assertTrue(
        line.endsWith(
            "INFO  run: policy: REQUIRE SSL for every account without a rule; rules for 2 accounts;"
                + " client certificates are requested, and must be signed by the CA CN=Test CA; 1"
                + " CRL; unencrypted connections are rejected; TLSv1.2, TLSv1.3"),
        line);
  }

  @Test
  void aCaWithoutAnAccountThatNeedsACertificateIsAWarning() throws Exception {
    ProxyProcess process = start();
    process.ready();

    String line = lineWith(process, "no client is required to show a certificate");

    assertTrue(line.contains(" WARN "), line);
    assertTrue(line.contains("--ssl-ca="), line);
    assertTrue(line.contains("set --require=X509"), line);
  }

  @Test
  void anExpiredCaAndAKeyThatEveryoneCanReadAreWarnings(@TempDir Path directory) throws Exception {
    CertificateAuthority.expired("CN=Old CA", KeyType.EC)
        .issued()
        .writeCertificate(directory.resolve("ca.pem"));
    Path key = Files.copy(ProxyCertificates.shared().serverKey(), directory.resolve("key.pem"));
    Path tickets = Files.writeString(directory.resolve("tickets"), "A".repeat(64) + "\n");
    for (Path secret : List.of(key, tickets)) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    }

    ProxyProcess process =
        start(
            "ssl-ca=" + directory.resolve("ca.pem"),
            "require=X509",
            "ssl-key=" + key,
            "tls-ticket-key-file=" + tickets);
    process.ready();

    String expired = lineWith(process, "CN=Old CA expired at");
    assertTrue(expired.contains(" WARN "), expired);
    for (Path secret : List.of(key, tickets)) {
      String open = lineWith(process, "everyone on this machine can use " + secret);
      assertTrue(open.endsWith("; chmod 600 " + secret), open);
    }
    assertFalse(String.join("\n", process.errors()).contains("required to show"));
  }

  @Test
  void anIpv6AddressIsWrittenShortInEveryLine() throws Exception {
    byte[] one = new byte[16];
    one[15] = 1;
    InetAddress loopback = InetAddress.getByAddress(one);
    try (ServerSocket probe = new ServerSocket(0, 1, loopback)) {
      assertTrue(probe.isBound());
    } catch (BindException e) {
      Assumptions.abort("this machine has no IPv6");
    }
    ProxyProcess process = start("bind-address=::1", "require=X509");
    String line = process.firstLine();
    assertTrue(line.startsWith("ready: clients connect to [::1]:"), line);
    int port = Integer.parseInt(line.replaceFirst(".*?\\[::1]:(\\d+);.*", "$1"));

    try (RawClient client =
        RawClient.encrypted(new InetSocketAddress(loopback, port), ClientTls.NONE)) {
      client.send(2, Wire.login("laura"));
      assertEquals(1045, client.read().errorCode());
    }

    String audit = lineWith(process, " audit: login ");
    assertTrue(audit.contains(" peer=[::1]:"), audit);
    assertFalse(String.join("\n", process.errors()).contains("0:0:0"), audit);
  }

  private static String message(Map<String, String> members) {
    return members.getOrDefault("message", "");
  }

  private static String lineWith(ProxyProcess process, String text) throws Exception {
    Await.until(() -> process.errors().stream().anyMatch(line -> line.contains(text)));
    return process.errors().stream().filter(line -> line.contains(text)).findFirst().orElseThrow();
  }

  private ProxyProcess start(String... options) throws IOException {
    ScriptedServer server =
        opened.keep(ScriptedServer.start(session -> session.send(0, Wire.greeting())));
    return opened.keep(ProxyProcess.before(server.address(), options));
  }

  private static Map<String, String> json(String line) throws IOException {
    Map<String, String> members = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      assertEquals(JsonToken.START_OBJECT, parser.nextToken(), line);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, parser.getText());
      }
      assertEquals(JsonToken.END_OBJECT, parser.currentToken(), line);
    }
    return members;
  }
}
