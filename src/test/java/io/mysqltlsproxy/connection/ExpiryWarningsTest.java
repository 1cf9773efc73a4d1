package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ExpiryWarningsTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("certificates");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void begin() {
    log.start();
    logger.setAdditive(false);
    logger.addAppender(log);
  }

  @AfterEach
  void end() {
    logger.detachAppender(log);
    logger.setAdditive(true);
  }

  @Test
  void aCertificateThatIsAboutToExpireIsNamedOnceADayAndOthersAreNot() throws Exception {
    ExpiryWarnings warnings = new ExpiryWarnings();
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy = RunningProxy.before(server.address());
        RawClient laura = RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "laura")) {
      LiveConnection client = proxy.live().all().get(0);
      Instant expiry = client.certificateExpiry().orElseThrow();

      warnings.consider(client, expiry.minus(Duration.ofDays(31)));
      assertEquals(List.of(), log.list);

      warnings.consider(client, expiry.minus(Duration.ofDays(6)));
      warnings.consider(client, expiry.minus(Duration.ofDays(6)).plusSeconds(60));
      assertEquals(1, log.list.size());
      String line = log.list.get(0).getFormattedMessage();
      assertEquals(Level.WARN, log.list.get(0).getLevel());
      assertTrue(line.contains("CN=laura (serial number "), line);
      assertTrue(line.contains(" of user 'laura' at 127.0.0.1:" + laura.localPort()), line);
      assertTrue(line.contains(" expires at " + expiry + ", in 6 days: renew it"), line);

      warnings.consider(client, expiry.minus(Duration.ofHours(30)));
      assertEquals(2, log.list.size());

      warnings.consider(client, expiry.plusSeconds(1));
      assertEquals(2, log.list.size());
    }
  }

  @Test
  void aCertificateOfADayIsLateInItsLastTenth() throws Exception {
    Instant now = Instant.now();
    Issued issued =
        ProxyCertificates.shared()
            .authority()
            .certificate("CN=short")
            .key(KeyType.EC)
            .valid(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(23)))
            .issue();
    X509Certificate certificate = issued.certificate();
    Instant end = certificate.getNotAfter().toInstant();

    assertTrue(!ExpiryWarnings.isLate(certificate, end, end.minus(Duration.ofHours(3))));
    assertTrue(ExpiryWarnings.isLate(certificate, end, end.minus(Duration.ofHours(2))));
  }
}
