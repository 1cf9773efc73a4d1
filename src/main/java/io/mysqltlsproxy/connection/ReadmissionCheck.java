package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.connection.LiveConnection.PresentedCertificates;
import io.netty.channel.EventLoop;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the connections of clients that would not be admitted any more. The decisions are made on
 * the caller's thread, so that event loops only have to close; certificates that many clients share
 * are verified once.
 */
public final class ReadmissionCheck {
  private static final Logger log = LoggerFactory.getLogger("reload");

  private final LiveConnections connections;

  public ReadmissionCheck(LiveConnections connections) {
    this.connections = connections;
  }

  /**
   * Looks at every connection, once its event loop is done with what it was doing, however long
   * that takes: a decision by the policy before is made by then.
   *
   * @param now the policy in force, also later
   * @param thread where the looking is done
   */
  public void all(Supplier<SecurityPolicy> now, Executor thread) {
    Review review = new Review();
    for (EventLoop loop : connections.loops()) {
      try {
        loop.execute(() -> reviewLater(review, loop, now, thread));
      } catch (RejectedExecutionException ended) {
        log.debug("not reviewed: the event loop has ended, and with it its connections");
      }
    }
  }

  private void reviewLater(
      Review review, EventLoop loop, Supplier<SecurityPolicy> now, Executor thread) {
    try {
      thread.execute(
          () ->
              review.of(
                  connections.stream().filter(connection -> connection.loop().equals(loop)),
                  now.get()));
    } catch (RejectedExecutionException ending) {
      log.debug("not reviewed: the proxy is ending");
    }
  }

  /** Looks at those of which a certificate has expired. */
  public void expired(SecurityPolicy now) {
    Instant time = Instant.now();
    new Review()
        .of(
            connections.stream().filter(connection -> connection.proof().expiry().isBefore(time)),
            now);
  }

  /**
   * What certificates are worth now that were good once.
   *
   * @param reasonToLeave why their connections must end; empty where they need not
   * @param expiry when the first of them, or of their issuers', expires
   */
  private record Trust(Optional<String> reasonToLeave, Instant expiry) {
    static Trust of(List<X509Certificate> shown, SecurityPolicy now) {
      return new Trust(now.reasonToLeave(shown), now.expiry(shown));
    }
  }

  /** By one policy, until there is another, each chain is verified once. */
  private static final class Review {
    private final Map<List<X509Certificate>, Trust> known = new HashMap<>();
    private @Nullable SecurityPolicy policy;

    void of(Stream<LiveConnection> some, SecurityPolicy now) {
      if (!now.equals(policy)) {
        policy = now;
        known.clear();
      }
      PacedClosing closing = new PacedClosing(System::nanoTime);
      some.forEach(
          connection -> {
            List<Admitted> possible = connection.possible();
            if (possible.isEmpty() || connection.isOver()) {
              return; // its login is still to come, and will be held to what is in force then
            }
            List<X509Certificate> shown = connection.proof().shown();
            Trust trust = known.computeIfAbsent(shown, chain -> Trust.of(chain, now));
            Optional<String> reason =
                trust.reasonToLeave().or(() -> now.rulesReasonToLeave(possible));
            if (reason.isPresent()) {
              closing.close(
                  connection.loop(),
                  () ->
                      connection.closeHere(
                          CloseReason.NO_LONGER_ADMITTED, "no longer admitted: " + reason.get()));
            } else if (!shown.isEmpty() && !trust.expiry().equals(connection.proof().expiry())) {
              connection.proved(new PresentedCertificates(shown, trust.expiry()));
            }
          });
    }
  }
}
