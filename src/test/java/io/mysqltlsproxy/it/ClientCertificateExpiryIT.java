package io.mysqltlsproxy.it;

import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** When clients' certificates expire is in the metrics, in {@code /connections} and in the log. */
class ClientCertificateExpiryIT {
  private static final String SOONEST = "client_certificate_expiry_timestamp_seconds";
  private static final String REMAINING = "client_certificate_remaining_seconds";

  @Test
  void theSoonestOfThoseConnectedAndAllOfTheirTimesAreTold() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Issued soon = issue("CN=soon", now.plus(Duration.ofDays(3)));
    Issued later = issue("CN=later", now.plus(Duration.ofDays(20)));
    try (ProxyProcess process =
        ProxyProcess.before(
            Servers.mysql55().address(), "require=X509", "admin-address=127.0.0.1:0")) {
      InetSocketAddress address = process.ready();
      AdminClient admin = AdminClient.of(process);
      assertTrue(Double.isNaN(admin.metrics().sum(SOONEST)), "nobody is connected");

      try (RawClient first = RawClient.loggedIn(address, ClientTls.of(later), "root")) {
        try (RawClient second = RawClient.loggedIn(address, ClientTls.of(soon), "root")) {
          assertEquals((double) expiry(soon).getEpochSecond(), admin.metrics().sum(SOONEST));
          String connections = admin.get("/connections?format=json").body();
          assertTrue(connections.contains(expiry(soon).toString()), connections);
          assertTrue(connections.contains(expiry(later).toString()), connections);
          second.run("SET @a = 1");
        }
        Await.until(() -> admin.metrics().sum(SOONEST) == (double) expiry(later).getEpochSecond());
        first.run("SET @a = 1");
      }
      AdminClient.Metrics metrics = admin.metrics();
      assertEquals(2, metrics.sum(REMAINING + "_count"));
      double days = metrics.sum(REMAINING + "_sum") / Duration.ofDays(1).toSeconds();
      assertEquals(23, days, 0.1);
      assertEquals(1, metrics.sum(REMAINING + "_bucket{le=\"604800.0\"}"), "a week");
      Await.until(() -> hasAuditLine(process, soon) && hasAuditLine(process, later));
    }
  }

  private static boolean hasAuditLine(ProxyProcess process, Issued client) throws IOException {
    return process.errors().stream()
        .anyMatch(
            line ->
                line.contains("outcome=accepted") && line.contains("expires=" + expiry(client)));
  }

  private static Issued issue(String subject, Instant end) {
    return ProxyCertificates.shared()
        .authority()
        .certificate(subject)
        .extendedKeyUsage(id_kp_clientAuth)
        .valid(end.minus(Duration.ofDays(90)), end)
        .issue();
  }

  private static Instant expiry(Issued client) {
    return client.certificate().getNotAfter().toInstant();
  }
}
