package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.admin.AdminPort;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.option.ListenAddress;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.reload.Reloader;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever watches gets an answer when it is needed most, and costs the server nothing. */
@Timeout(240)
class WatchingIT {
  private static final List<String> PATHS =
      List.of("/metrics", "/readyz", "/healthz", "/connections");

  @AutoClose private final Opened opened = new Opened();
  private final HttpClient http = HttpClient.newHttpClient();
  private final TestServer server = Servers.mysql55();

  @Test
  void everyPageAnswersWhileAllEventLoopsAreStuck() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    Map<String, String> flags =
        new HashMap<>(RunningProxy.flags("127.0.0.1:" + server.address().getPort()));
    flags.put("admin-address", "127.0.0.1:0");
    flags.put("port", "0");
    OptionValues values = OptionSources.read(flags, Map.of(), Path.of("no-option-file.cnf"));
    Reloader reloader = opened.keep(Reloader.load(values));
    AdminPort admin = opened.keep(AdminPort.from(values, "test", "engine").orElseThrow());
    ConnectionSettings settings =
        ConnectionSettings.from(values, PluginExchanges.load(values), reloader, admin.events());
    try (Proxy proxy = Proxy.start(settings, ListenAddress.of(values))) {
      InetSocketAddress address = admin.open(proxy, settings, reloader, Optional.empty());
      RawClient client = opened.keep(RawClient.loggedIn(proxy.address(), ClientTls.NONE, "root"));
      assertEquals(200, get(address, "/readyz").statusCode());

      for (EventExecutor loop : proxy.eventLoops()) {
        loop.execute(() -> await(stuck));
      }

      for (String path : PATHS) {
        assertTrue(get(address, path).statusCode() > 0, path);
      }
      assertTrue(Await.until(() -> get(address, "/healthz").statusCode() == 503));
      for (String path : PATHS) {
        assertTrue(get(address, path).statusCode() > 0, path);
      }
      assertTrue(get(address, "/connections?format=json").body().contains("\"user\":\"root\""));
      stuck.countDown();
      assertTrue(Await.until(() -> get(address, "/readyz").statusCode() == 200));
      client.run("SET @a = 1");
    } finally {
      stuck.countDown();
    }
  }

  @Test
  void scrapesAndQuestionsForReadinessAskTheServerNothing() throws Exception {
    try (ProxyProcess process =
        ProxyProcess.before(server.address(), "admin-address=127.0.0.1:0")) {
      process.ready();
      AdminClient admin = AdminClient.of(process);
      long begun = System.nanoTime();
      long before = failedLogins();

      for (int i = 0; i < 200; i++) {
        assertEquals(200, admin.get("/readyz").statusCode());
        assertEquals(200, admin.get("/metrics").statusCode());
      }

      long most = 2 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) / 5;
      long asked = failedLogins() - before;
      assertTrue(asked <= most, asked + " logins by the proxy itself, " + most + " are its own");
    }
  }

  @Test
  void aStandardErrorThatNobodyReadsStopsNoClient(@TempDir Path directory) throws Exception {
    Path fifo = directory.resolve("stderr");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    // Opened for both, a pipe has a reader that reads nothing.
    try (SeekableByteChannel unread =
            Files.newByteChannel(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ProxyProcess process =
            ProxyProcess.withErrorsTo(
                fifo,
                ProxyProcess.options(
                    "127.0.0.1:" + server.address().getPort(), "log-level=debug"))) {
      InetSocketAddress address = process.ready();

      for (int i = 0; i < 1500; i++) {
        RawClient.greeted(address).close();
      }

      RawClient.loggedIn(address, ClientTls.NONE, "root").close();
      assertTrue(unread.isOpen());
    }
  }

  private long failedLogins() {
    return Long.parseLong(server.sql("SHOW GLOBAL STATUS LIKE 'Aborted_connects'").get(0).get(1));
  }

  private HttpResponse<String> get(InetSocketAddress admin, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + admin.getPort() + path);
    return http.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(8)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
