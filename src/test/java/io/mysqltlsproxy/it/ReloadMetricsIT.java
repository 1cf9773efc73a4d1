package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the metrics say of the files, while they change. */
class ReloadMetricsIT {
  private static final String GOOD = "ALTER USER laura REQUIRE X509;\n";

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Path crl;
  private final Path accounts;

  ReloadMetricsIT(@TempDir Path dir) throws IOException {
    crl = dir.resolve("crl.pem");
    accounts = Files.writeString(dir.resolve("accounts.sql"), GOOD);
    crlUntil(now.plus(Duration.ofDays(3)));
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void reloadsThatFailAndThatSucceedAreCountedAndTheCrlsEndIsTheNewOne() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        ProxyProcess process =
            ProxyProcess.start(
                RunningProxy.flags(
                        "127.0.0.1:" + server.address().getPort(),
                        "port=0",
                        "ssl-crl=" + crl,
                        "accounts=" + accounts,
                        "admin-address=127.0.0.1:0")
                    .entrySet()
                    .stream()
                    .map(each -> "--" + each.getKey() + "=" + each.getValue())
                    .toList())) {
      process.ready();
      AdminClient admin = AdminClient.of(process);
      assertState(admin.metrics(), 0, 0, now.plus(Duration.ofDays(3)));

      Files.writeString(accounts, "ALTER USER laura REQUIRE NOTHING AT ALL;\n");
      await(admin, "reloads_total{result=\"failure\"");
      assertState(admin.metrics(), 0, 1, now.plus(Duration.ofDays(3)));

      crlUntil(now.plus(Duration.ofDays(9)));
      Files.writeString(accounts, GOOD);
      await(admin, "reloads_total{result=\"success\"");
      assertState(admin.metrics(), 1, 1, now.plus(Duration.ofDays(9)));
    }
  }

  private void crlUntil(Instant end) throws IOException {
    CertificateAuthority authority = ProxyCertificates.shared().authority();
    Files.writeString(crl, authority.crl().valid(now.minus(Duration.ofHours(1)), end).pem());
  }

  private static void await(AdminClient admin, String counter) throws Exception {
    for (int i = 0; i < 200 && admin.metrics().sum(counter) == 0; i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** The latest one failed where there is a failure and no success. */
  private static void assertState(
      AdminClient.Metrics metrics, int successes, int failures, Instant crlEnd) {
    assertEquals(successes, metrics.sum("reloads_total{result=\"success\""));
    assertEquals(failures, metrics.sum("reloads_total{result=\"failure\""));
    assertEquals(
        failures > successes ? 0 : 1, metrics.sum("last_reload_successful"), metrics::text);
    assertEquals(
        (double) crlEnd.getEpochSecond(), metrics.sum("crl_next_update_timestamp_seconds"));
  }
}
