package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.text.Phrases;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of certificates of connected clients that are about to expire: the proxy will refuse them
 * from that second on, and close their connections. Each is named once a day.
 */
final class ExpiryWarnings {
  private static final Logger log = LoggerFactory.getLogger("certificates");

  /** By now a certificate for a year should have been renewed, by hand or not. */
  private static final Duration AHEAD = Duration.ofDays(30);

  /** One that is good for less is renewed by machine: only its last tenth is late. */
  private static final int LAST_PART = 10;

  private static final Duration PERIOD = Duration.ofDays(1);

  /** With more certificates than this some are named more often. */
  private static final int MAX_CERTIFICATES = 1000;

  private final Map<X509Certificate, Instant> named =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<X509Certificate, Instant> eldest) {
          return size() > MAX_CERTIFICATES;
        }
      };

  /** Looks at one client, which may not have logged in. */
  synchronized void consider(LiveConnection client, Instant now) {
    List<X509Certificate> shown = client.proof().shown();
    if (shown.isEmpty() || client.admitted().isEmpty()) {
      return;
    }
    X509Certificate certificate = shown.get(0);
    Instant expiry = client.proof().expiry();
    if (!isLate(certificate, expiry, now)) {
      return;
    }
    Instant before = named.get(certificate);
    if (before == null || before.plus(PERIOD).isBefore(now)) {
      named.put(certificate, now);
      log.warn(
          "the certificate {} of user '{}' at {} expires at {}, in {}: renew it; from then on the"
              + " proxy refuses it and closes its connections",
          CertificateNames.identified(certificate),
          client.admitted().get().login().user(),
          client.peer(),
          expiry,
          Phrases.time(Duration.between(now, expiry)));
    }
  }

  static boolean isLate(X509Certificate certificate, Instant expiry, Instant now) {
    Duration whole = Duration.between(certificate.getNotBefore().toInstant(), expiry);
    Duration part = whole.dividedBy(LAST_PART);
    Duration ahead = part.compareTo(AHEAD) < 0 ? part : AHEAD;
    return now.isBefore(expiry) && expiry.minus(ahead).isBefore(now);
  }
}
