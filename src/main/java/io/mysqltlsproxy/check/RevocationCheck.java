package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Phrases;
import io.mysqltlsproxy.tls.trust.ClientCertificates;
import io.mysqltlsproxy.tls.trust.PeerCertificates;
import io.mysqltlsproxy.tls.trust.ServerCertificates;
import java.time.Duration;
import java.time.Instant;

/** Whether {@code ssl-crl} and {@code ssl-crlpath} hold a CRL in force of each authority. */
final class RevocationCheck {
  /** CRLs are made anew each day or each week, so that certificates' 30 days would always warn. */
  private static final Duration AHEAD = Duration.ofDays(3);

  private static final String MAKE =
      "get the CA's new CRL: mysql-tls-proxy certs crl, or openssl ca -gencrl";

  private RevocationCheck() {}

  /** Checks the CRLs of those who sign clients' certificates. */
  static void ofClients(OptionValues values, Findings findings) {
    if (isGiven(values, findings)) {
      try {
        // There is a CA: without one, CRLs are an error of their own.
        check(ClientCertificates.load(values).orElseThrow(), "all clients", findings);
      } catch (OptionException e) {
        findings.wrong(Item.CRL, e);
      }
    }
  }

  /** Checks the CRLs of those who sign the server's certificate. */
  static void ofServer(OptionValues values, ServerCertificates wanted, Findings findings) {
    if (isGiven(values, findings)) {
      check(wanted, "servers", findings);
    }
  }

  private static boolean isGiven(OptionValues values, Findings findings) {
    boolean given =
        values.get(Options.SSL_CRL).isPresent() || values.get(Options.SSL_CRLPATH).isPresent();
    if (!given) {
      findings.ok(Item.CRL, "no --ssl-crl: revocation is not checked");
    }
    return given;
  }

  private static void check(PeerCertificates wanted, String peers, Findings findings) {
    for (String problem : wanted.problemsOfCrls()) {
      findings.wrong(Item.CRL, problem + ": " + peers + " of this CA are rejected", MAKE);
    }
    Instant now = Instant.now();
    wanted
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
                        + ": from then on "
                        + peers
                        + " of its CA are rejected",
                    MAKE));
    findings.okUnlessFound(Item.CRL, String.join("; ", wanted.revocationLists()));
  }
}
