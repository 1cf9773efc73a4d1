package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Phrases;
import io.mysqltlsproxy.tls.trust.ClientCertificates;
import java.time.Duration;
import java.time.Instant;

/** Whether {@code ssl-crl} and {@code ssl-crlpath} hold a CRL in force of each authority. */
final class RevocationCheck {
  /** CRLs are made anew each day or each week, so that certificates' 30 days would always warn. */
  private static final Duration AHEAD = Duration.ofDays(3);

  private static final String MAKE =
      "get the CA's new CRL: mysql-tls-proxy certs crl, or openssl ca -gencrl";

  private RevocationCheck() {}

  static void run(OptionValues values, Findings findings) {
    boolean given =
        values.get(Options.SSL_CRL).isPresent() || values.get(Options.SSL_CRLPATH).isPresent();
    if (!given) {
      findings.ok(Item.CRL, "no --ssl-crl: revocation is not checked");
      return;
    }
    try {
      // There is a CA: without one, CRLs are an error of their own.
      ClientCertificates certificates = ClientCertificates.load(values).orElseThrow();
      for (String problem : certificates.problemsOfCrls()) {
        findings.wrong(Item.CRL, problem + ": all clients of this CA are rejected", MAKE);
      }
      Instant now = Instant.now();
      certificates
          .nextRevocationLists()
          .filter(end -> now.isBefore(end) && now.plus(AHEAD).isAfter(end))
          .ifPresent(
              end ->
                  findings.warning(
                      Item.CRL,
                      "a CRL expires in "
                          + Phrases.time(Duration.between(now, end))
                          + ", at "
                          + end
                          + ": from then on all clients of its CA are rejected",
                      MAKE));
      findings.okUnlessFound(Item.CRL, String.join("; ", certificates.revocationLists()));
    } catch (OptionException e) {
      findings.wrong(Item.CRL, e);
    }
  }
}
