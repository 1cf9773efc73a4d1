package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.WholeFile;
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
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void reloadsThatFailAndThatSucceedAreCountedAndTheCrlsEndIsTheNewOne() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        ProxyProcess process =
            ProxyProcess.before(
                server.address(),
                "ssl-crl=" + crl,
                "accounts=" + accounts,
                "admin-address=127.0.0.1:0")) {
      process.ready();
      AdminClient admin = AdminClient.of(process);
      State first = new State(0, 0, true, now.plus(Duration.ofDays(3)));
      assertEquals(first, State.of(admin.metrics()));

      WholeFile.write(accounts, "ALTER USER laura REQUIRE NOTHING AT ALL;\n");
      State failed = new State(0, 1, false, first.crlEnd());
      Await.assertBecomes(failed, () -> State.of(admin.metrics()));

      // Rules that are good again leave no failure to be counted when the CRL comes.
      WholeFile.write(accounts, GOOD);
      State good = new State(1, 1, true, first.crlEnd());
      Await.assertBecomes(good, () -> State.of(admin.metrics()));

      crlUntil(now.plus(Duration.ofDays(9)));
      State renewed = new State(2, 1, true, now.plus(Duration.ofDays(9)));
      Await.assertBecomes(renewed, () -> State.of(admin.metrics()));
    }
  }

  private void crlUntil(Instant end) throws IOException {
    CertificateAuthority authority = ProxyCertificates.shared().authority();
    authority.crl().valid(now.minus(Duration.ofHours(1)), end).writeTo(crl);
  }

  /** What the metrics say of reloads. */
  private record State(double successes, double failures, boolean latestGood, Instant crlEnd) {
    static State of(AdminClient.Metrics metrics) {
      return new State(
          metrics.sum("reloads_total{result=\"success\""),
          metrics.sum("reloads_total{result=\"failure\""),
          metrics.sum("last_reload_successful") == 1,
          Instant.ofEpochSecond((long) metrics.sum("crl_next_update_timestamp_seconds")));
    }
  }
}
