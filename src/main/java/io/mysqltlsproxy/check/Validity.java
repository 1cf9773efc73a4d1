package io.mysqltlsproxy.check;

import io.mysqltlsproxy.text.Phrases;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** Whether certificates are valid now, and for how long still. */
final class Validity {
  private static final Duration AHEAD = Duration.ofDays(30);

  private final Instant now;
  private final Findings findings;

  Validity(Instant now, Findings findings) {
    this.now = now;
    this.findings = findings;
  }

  public void check(Item item, X509Certificate certificate) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    String name = CertificateNames.described(certificate);
    if (now.isAfter(to)) {
      findings.wrong(item, name + " expired at " + to, "renew it: let its CA sign it again");
    } else if (now.isBefore(from)) {
      findings.wrong(
          item,
          name + " is not valid before " + from,
          "wait, or correct this machine's clock, which says " + now);
    } else if (now.plus(AHEAD).isAfter(to)) {
      String left = Phrases.time(Duration.between(now, to));
      findings.warning(item, name + " expires in " + left + ", at " + to, "renew it before that");
    }
  }
}
