package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.CrlRequest;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.LoopProbe;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A reload while many clients are connected; {@code -Dreadmission.clients=4000} takes more of them.
 * The bounds are those of a loaded machine; what a quiet one needs is printed.
 */
class ReadmissionIT {
  private static final int CLIENTS = Integer.getInteger("readmission.clients", 600);
  private static final int CERTIFICATES = CLIENTS / 4;

  @AutoClose private final Opened opened = new Opened();
  private final CertificateAuthority authority = ProxyCertificates.shared().authority();
  private final List<Issued> certificates = new ArrayList<>();
  private final List<RawClient> staying = new ArrayList<>();
  private final List<RawClient> leaving = new ArrayList<>();
  private final Path crl;

  ReadmissionIT(@TempDir Path dir) {
    crl = authority.crl().writeTo(dir.resolve("crl.pem"));
  }

  @Test
  void whenHalfOfManyClientsAreRevokedAtOnceTheyGoAndTheOthersHardlyNotice() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy =
            RunningProxy.before(
                server.address(),
                "require=X509",
                "ssl-crl=" + crl,
                "max-unauthenticated=" + CLIENTS)) {
      logIn(proxy);

      try (LoopProbe probe = LoopProbe.of(proxy.eventLoops())) {
        long begun = System.nanoTime();
        authority.crl().number(1).writeTo(crl);
        Await.until(() -> !proxy.reloadLines().isEmpty());
        print("all of them stay", begun, probe);
      }
      assertEquals(CLIENTS, proxy.connections());

      CrlRequest revoked = authority.crl();
      for (int i = 0; i < CERTIFICATES; i += 2) {
        revoked.revoke(certificates.get(i));
      }
      try (LoopProbe probe = LoopProbe.of(proxy.eventLoops())) {
        long begun = System.nanoTime();
        revoked.writeTo(crl);
        Await.until(
            () ->
                proxy.linesWith("no longer admitted: the certificate CN=client") == leaving.size());
        print("half of them go", begun, probe);
        assertTrue(probe.longest().toMillis() < 1000, () -> "a stall of " + probe.longest());
      }
      for (RawClient client : leaving) {
        assertEquals(1927, client.read().errorCode());
      }
      for (RawClient client : staying) {
        client.run("DO 1");
      }
    }
  }

  private void logIn(RunningProxy proxy) throws Exception {
    List<SSLContext> contexts = new ArrayList<>();
    for (int i = 0; i < CERTIFICATES; i++) {
      certificates.add(authority.issueClient("CN=client " + i, KeyType.EC));
      contexts.add(ClientTls.of(certificates.get(i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<CompletableFuture<RawClient>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      SSLContext tls = contexts.get(i % CERTIFICATES);
      clients.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return RawClient.loggedIn(proxy.address(), tls, "laura");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              threads));
    }
    for (int i = 0; i < CLIENTS; i++) {
      (i % CERTIFICATES % 2 == 0 ? leaving : staying).add(opened.keep(clients.get(i).get()));
    }
    threads.shutdown();
  }

  private static void print(String what, long begun, LoopProbe probe) {
    System.out.printf(
        "%d clients, %s: %d ms, longest stall %.1f ms%n",
        CLIENTS,
        what,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun),
        probe.longest().toNanos() / 1e6);
  }
}
