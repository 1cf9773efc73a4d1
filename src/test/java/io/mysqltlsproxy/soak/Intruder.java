package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.testing.ClientTls;
import java.io.IOException;
import javax.net.ssl.SSLContext;

/** Tries what the rules forbid, and what they forbid for a time. */
final class Intruder extends RawActor {
  private final SSLContext outcast;
  private final SSLContext nora;

  Intruder(Site site, Ledger ledger, Pause pause) {
    super("intruder", site, ledger, pause);
    outcast = site.tlsOfOutcast();
    nora = site.tlsOfNora();
  }

  @Override
  void act() throws IOException, WrongException, InterruptedException {
    never("an account that needs X509, without a certificate", ClientTls.NONE, "laura");
    never("a locked account", ClientTls.NONE, "locked");
    never("a revoked certificate", outcast, "plain");
    never("a certificate of a foreign authority", ClientTls.FOREIGN, "plain");
    never("a certificate with another subject", nora, "soak");
    sometimes(site().locked(), "swing", ClientTls.NONE, "swing");
    sometimes(site().revoked(), "nora", nora, "nora");
  }

  private void never(String what, SSLContext tls, String user)
      throws IOException, WrongException, InterruptedException {
    if (logIn(tls, user, client -> {}) == Outcome.ADMITTED) {
      throw new WrongException("admitted: " + what);
    }
    did("forbidden logins rejected");
  }

  private void sometimes(Switch allowed, String what, SSLContext tls, String user)
      throws IOException, WrongException, InterruptedException {
    long began = System.nanoTime();
    Outcome outcome;
    try {
      outcome = logIn(tls, user, client -> {});
    } catch (OutageException e) {
      if (!e.isKill() || allowed.allowed(began)) {
        throw e;
      }
      outcome = Outcome.REJECTED; // while it logged in
    }
    if (outcome == Outcome.ADMITTED && allowed.forbade(began)) {
      throw new WrongException("admitted: " + what + ", whom the files forbid now");
    }
    if (outcome == Outcome.REJECTED && allowed.allowed(began)) {
      throw new WrongException("rejected: " + what + ", whom the files allow now");
    }
    did(outcome == Outcome.ADMITTED ? "logins" : "forbidden logins rejected");
  }
}
