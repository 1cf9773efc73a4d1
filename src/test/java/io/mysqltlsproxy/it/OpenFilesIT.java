package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A proxy with few open files: what it says, and that it recovers. */
@Timeout(240)
class OpenFilesIT {
  private static final List<String> NO_OTHER_LIMIT =
      List.of("max-unauthenticated=0", "connect-timeout=600");

  @AutoClose private final Opened opened = new Opened();
  private final TestServer server = Servers.mysql55();

  @BeforeAll
  static void limitsCanBeSet() throws Exception {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("prlimit", "--version"), Map.of()), "prlimit is not installed");
  }

  @Test
  void aLimitThatIsTooSmallForMaxConnectionsIsSaidAtTheStartAndKeptTo() throws Exception {
    ProxyProcess proxy =
        opened.keep(
            ProxyProcess.startedBy(
                List.of("prlimit", "--nofile=400:400"), options("max-connections=1000")));
    InetSocketAddress address = proxy.ready();
    String warning = String.join("\n", proxy.errors());
    assertTrue(
        warning.matches("(?s).*WARN .*--max-connections=1000 .* the limit of open files is 400.*"),
        warning);

    int in = 0;
    RawClient client = opened.keep(RawClient.connect(address));
    while (client.read().first() == 10) {
      in++;
      client = opened.keep(RawClient.connect(address));
    }

    assertTrue(in > 20 && in < 200, in + " clients");
    assertTrue(
        Await.until(
            () ->
                proxy.errors().stream()
                    .anyMatch(
                        line ->
                            line.contains("rejected: ")
                                && line.contains("the limit of open files is 400"))));
    assertNoStackTrace(proxy);
  }

  @Test
  void withoutFilesLeftNobodyIsAcceptedUntilThereAreSomeAgain() throws Exception {
    ProxyProcess proxy = opened.keep(ProxyProcess.start(options("max-connections=0")));
    InetSocketAddress address = proxy.ready();
    RawClient.loggedIn(address, ClientTls.NONE, "root").close();
    limitFiles(proxy, open(proxy) + 5);

    for (int i = 0; i < 12; i++) {
      opened.keep(new Socket(address.getAddress(), address.getPort()));
    }

    assertTrue(
        Await.until(
            () -> proxy.errors().stream().anyMatch(line -> line.contains("cannot accept clients"))),
        () -> errors(proxy));
    String said = errors(proxy);
    assertTrue(said.contains("out of file descriptors; the limit of open files is "), said);
    assertTrue(!said.contains("server_unreachable"), said);
    assertNoStackTrace(proxy);
    limitFiles(proxy, 4000);
    RawClient.loggedIn(address, ClientTls.NONE, "root").close();
  }

  @Test
  void aServerThatCannotBeAskedForLackOfFilesIsNotSaidToBeDown() throws Exception {
    ProxyProcess proxy = opened.keep(ProxyProcess.start(options("admin-address=127.0.0.1:0")));
    proxy.ready();
    // One connection for all questions, since another could not be accepted.
    Socket admin =
        opened.keep(new Socket(InetAddress.getLoopbackAddress(), AdminClient.of(proxy).port()));
    assertTrue(Await.until(() -> readiness(admin).contains("200 OK")));
    limitFiles(proxy, open(proxy));

    assertTrue(
        Await.until(() -> readiness(admin).contains("the proxy is out of file descriptors")));

    limitFiles(proxy, 4000);
    assertTrue(Await.until(() -> readiness(admin).contains("200 OK")));
    assertTrue(!errors(proxy).contains("cannot be used"), () -> errors(proxy));
    assertNoStackTrace(proxy);
  }

  /** Of an answer that comes in one piece. */
  private static String readiness(Socket admin) throws IOException {
    admin.getOutputStream().write("GET /readyz HTTP/1.1\r\nHost: it\r\n\r\n".getBytes(US_ASCII));
    byte[] answer = new byte[8192];
    int length = admin.getInputStream().read(answer);
    return new String(answer, 0, Math.max(0, length), US_ASCII);
  }

  private List<String> options(String... more) {
    return ProxyProcess.options(
        "127.0.0.1:" + server.address().getPort(),
        Stream.concat(NO_OTHER_LIMIT.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private static void limitFiles(ProxyProcess proxy, long files) throws Exception {
    assertEquals(
        0,
        new ProcessBuilder("prlimit", "--pid=" + proxy.pid(), "--nofile=" + files + ":")
            .start()
            .waitFor());
  }

  private static long open(ProxyProcess proxy) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + proxy.pid() + "/fd"))) {
      return files.count();
    }
  }

  private static void assertNoStackTrace(ProxyProcess proxy) {
    String said = errors(proxy);
    assertTrue(!said.contains("\tat ") && !said.contains("Unable to create"), said);
  }

  private static String errors(ProxyProcess proxy) {
    try {
      return String.join("\n", proxy.errors());
    } catch (IOException e) {
      return e.toString();
    }
  }
}
