package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.protocol.ComChangeUser;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.UnsupportedLoginException;
import java.util.List;
import java.util.Optional;

/**
 * Checks a client against the rules and the CRLs: when it logs in or changes its user, and again
 * later, since both may change between the handshake, the decision and the server's OK. Ends the
 * connection if they do not admit the client.
 */
record Admission(ConnectionSettings settings, Lifecycle life) {

  /** Decides on a login; empty where it is refused. */
  Optional<Ruling> ofLogin(Session session, HandshakeResponse response)
      throws UnsupportedLoginException {
    Login login =
        login(session, response.userName(), response.characterSet(), response.usesPassword());
    return decide("login", login, response.characterSet());
  }

  /** Decides on a change of user; empty where it is refused. */
  Optional<Ruling> ofChangeUser(Session session, ComChangeUser command)
      throws UnsupportedLoginException {
    Login login =
        login(session, command.userName(), command.characterSet(), command.usesPassword());
    // Servers go back to the user before, and its character set, and say ERR then.
    return decide("change_user", login, session.collation());
  }

  private Login login(Session session, String user, int collation, boolean usesPassword)
      throws UnsupportedLoginException {
    return new Login(
        user,
        session.greeting().readings(user, collation),
        life.peer().host(),
        usesPassword,
        session.transport());
  }

  private Optional<Ruling> decide(String command, Login login, int collationOfRefusal) {
    SecurityPolicy policy = settings.policy().get();
    Decision decision = policy.rules().decide(login);
    LoginAudit audit = new LoginAudit(life.live(), login, decision, command);
    if (decision instanceof Admitted admitted) {
      return Optional.of(new Ruling(policy, admitted, audit));
    }
    Refused refused = (Refused) decision;
    life.end(failures -> failures.refused(refused, collationOfRefusal));
    audit.ended(CloseReason.of(refused));
    return Optional.empty();
  }

  /** Whether the certificates are still trusted that were in the handshake. */
  boolean isStillTrusted(SecurityPolicy ofHandshake) {
    SecurityPolicy now = settings.policy().get();
    if (now.equals(ofHandshake)) {
      return true;
    }
    Optional<String> problem = now.problem(life.live().proof().shown());
    problem.ifPresent(why -> life.disconnect(CloseReason.CLIENT_CERTIFICATE, why));
    return problem.isEmpty();
  }

  /**
   * Whether a login would still be admitted: rules and CRLs may have come since the decision, while
   * it waited for its turn or the server.
   */
  boolean isStillGood(Authenticating phase) {
    SecurityPolicy now = settings.policy().get();
    Ruling ruling = phase.ruling();
    if (now.equals(ruling.by())) {
      return true;
    }
    Optional<String> reason =
        now.reasonToLeave(life.live().proof().shown())
            .or(() -> now.rulesReasonToLeave(List.of(ruling.decision())));
    reason.ifPresent(
        why -> life.disconnect(CloseReason.NO_LONGER_ADMITTED, "no longer admitted: " + why));
    return reason.isEmpty();
  }
}
