package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import java.util.List;
import java.util.Optional;

/** Rules and CRLs may change between a handshake, the decision on a login and the server's OK. */
record Admission(ConnectionSettings settings, Lifecycle life) {

  /** Certificates may have been revoked between the handshake and the login. */
  Optional<String> newDistrust(SecurityPolicy ofHandshake) {
    SecurityPolicy now = settings.policy().get();
    return now.equals(ofHandshake) ? Optional.empty() : now.problem(life.live().proof().shown());
  }

  /**
   * Holds a login to what is in force now: rules and CRLs may have come since the decision, while
   * it waited for its turn or the server. Ends the connection where they do not admit it.
   */
  boolean isStillGood(Authenticating phase) {
    SecurityPolicy now = settings.policy().get();
    if (now.equals(phase.decidedBy())) {
      return true;
    }
    Optional<String> reason =
        now.trust(life.live().proof().shown())
            .reasonToLeave()
            .or(() -> now.rulesReasonToLeave(List.of(phase.decision())));
    reason.ifPresent(
        why -> life.disconnect(CloseReason.NO_LONGER_ADMITTED, "no longer admitted: " + why));
    return reason.isEmpty();
  }
}
