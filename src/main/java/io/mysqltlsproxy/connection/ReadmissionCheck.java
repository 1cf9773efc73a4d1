package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.connection.LiveConnection.PresentedCertificates;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Closes the connections of clients that would not be admitted any more. */
public final class ReadmissionCheck {
  private final LiveConnections connections;

  public ReadmissionCheck(LiveConnections connections) {
    this.connections = connections;
  }

  /** Looks at every connection. */
  public void all(SecurityPolicy now) {
    connections.stream().forEach(connection -> review(connection, now));
  }

  /** Looks at those of which a certificate has expired. */
  public void expired(SecurityPolicy now) {
    Instant time = Instant.now();
    connections.stream()
        .filter(connection -> connection.proof().expiry().isBefore(time))
        .forEach(connection -> review(connection, now));
  }

  private static void review(LiveConnection connection, SecurityPolicy now) {
    List<Admitted> possible = connection.possible();
    if (possible.isEmpty()) {
      return; // its login is still to come, and will be held to what is in force then
    }
    List<X509Certificate> shown = connection.proof().shown();
    Optional<String> reason =
        possible.stream()
            .flatMap(admitted -> now.reasonToLeave(shown, admitted).stream())
            .findFirst();
    if (reason.isPresent()) {
      connection.close(CloseReason.NO_LONGER_ADMITTED, "no longer admitted: " + reason.get());
    } else {
      connection.proved(new PresentedCertificates(shown, now.expiry(shown)));
    }
  }
}
