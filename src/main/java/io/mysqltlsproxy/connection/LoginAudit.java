package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.text.Printable;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The line that every login, and every change of user, leaves in the log once its outcome is known:
 * logger {@code audit}, level info, all it says in keys. The fingerprint is what a rule's {@code
 * FINGERPRINT} takes.
 */
final class LoginAudit {
  private static final Logger log = LoggerFactory.getLogger("audit");

  private final LiveConnection live;
  private final Login login;
  private final Decision decision;
  private final String command;
  private @Nullable CertificateTexts certificate;
  private boolean written;

  /**
   * One that has just been decided on.
   *
   * @param command {@code login} or {@code change_user}, the line's message
   */
  LoginAudit(LiveConnection live, Login login, Decision decision, String command) {
    this.live = live;
    this.login = login;
    this.decision = decision;
    this.command = command;
  }

  /** What the line says of the client's certificate; empty where it has shown none. */
  Optional<CertificateTexts> certificate() {
    if (certificate == null) {
      certificate = login.transport().clientCertificate().map(CertificateTexts::of).orElse(null);
    }
    return Optional.ofNullable(certificate);
  }

  /** The server has accepted it. */
  void accepted() {
    write("accepted", "");
  }

  /** It was refused, or has failed. */
  void ended(CloseReason closeReason) {
    String outcome =
        closeReason == CloseReason.DENIED_BY_SERVER
            ? "denied"
            : closeReason.isRefusal() ? "refused" : "failed";
    write(outcome, closeReason.label());
  }

  private void write(String outcome, String reason) {
    if (written || !log.isInfoEnabled()) {
      return;
    }
    written = true;
    LoggingEventBuilder line = log.atInfo();
    line = with(line, "outcome", outcome);
    line = with(line, "reason", reason);
    line = with(line, "user", login.user());
    line = with(line, "peer", live.peer());
    if (live.id().isPresent()) {
      line = line.addKeyValue("connection_id", live.id().getAsLong());
    }
    if (decision instanceof Admitted admitted) {
      line = with(line, "rule", admitted.rule());
    } else if (decision instanceof Refused refused) {
      line = with(line, "why", refused.reason());
    }
    line = with(line, "tls_version", live.transport().tlsVersion());
    line = with(line, "cipher", live.transport().cipher());
    if (live.transport().isEncrypted()) {
      line = line.addKeyValue("resumed", live.resumed());
    }
    Optional<CertificateTexts> shown = certificate();
    if (shown.isPresent()) {
      line = with(line, "subject", shown.get().subject());
      line = with(line, "issuer", shown.get().issuer());
      line = with(line, "san", shown.get().san());
      line = with(line, "serial", shown.get().serial());
      line = with(line, "fingerprint", shown.get().fingerprint());
      line = with(line, "expires", live.certificateExpiry().map(Instant::toString).orElse(""));
    }
    line.log(command);
  }

  private static LoggingEventBuilder with(LoggingEventBuilder line, String key, String value) {
    return value.isEmpty() ? line : line.addKeyValue(key, Printable.bounded(value));
  }
}
