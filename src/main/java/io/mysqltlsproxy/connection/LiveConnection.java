package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.net.ClientAddress;
import io.netty.channel.EventLoop;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection as others see it. Any thread may ask, and close it; only the connection's
 * own event loop changes what the answers are.
 */
public final class LiveConnection {

  /**
   * Where the connection stands.
   *
   * @param since when it entered the phase
   */
  public record Standing(Phase phase, Instant since) {}

  /**
   * What the client has shown in the handshake.
   *
   * @param shown its own certificate first; empty where it has shown none
   * @param expiry when the first of them, or of their issuers', expires
   */
  record PresentedCertificates(List<X509Certificate> shown, Instant expiry) {
    PresentedCertificates {
      shown = List.copyOf(shown);
    }
  }

  /** Who can end the connection. */
  interface Owner {
    /** At once, given how to count it and why. */
    void disconnect(CloseReason closeReason, String why);

    /**
     * When the client has nothing to lose.
     *
     * @param urgentAt when a busy client is to go too, as {@link System#nanoTime}
     */
    void depart(long urgentAt);

    /** Whether the client has yet to take what it is sent; for any thread. */
    boolean isSending();
  }

  /** The one place in which a connection's phase is kept. */
  private record Current(ClientPhase phase, Instant since) {}

  private final Instant connectedAt = Instant.now();
  private volatile ClientAddress peer;
  private final EventLoop loop;
  private final Owner owner;
  private final AtomicBoolean departing = new AtomicBoolean();
  private volatile Current current;
  private volatile OptionalLong id = OptionalLong.empty();
  private volatile Transport transport = Transport.PLAIN;
  private volatile boolean resumed;
  private volatile PresentedCertificates proof = new PresentedCertificates(List.of(), Instant.MAX);
  private volatile @Nullable SocketMeter meter;

  /**
   * A connection that was just accepted.
   *
   * @param loop the connection's event loop
   * @param owner does to it what others want; called on the event loop
   */
  LiveConnection(ClientAddress peer, ClientPhase phase, EventLoop loop, Owner owner) {
    this.peer = peer;
    this.current = new Current(phase, connectedAt);
    this.loop = loop;
    this.owner = owner;
  }

  void enter(ClientPhase phase) {
    current = new Current(phase, Instant.now());
  }

  ClientPhase phase() {
    return current.phase();
  }

  void announced(ClientAddress behindTheBalancer) {
    peer = behindTheBalancer;
  }

  void greeted(long connectionId) {
    id = OptionalLong.of(connectionId);
  }

  /**
   * The leg that is TLS, be it the client's or the server's.
   *
   * @param sessionResumed whether its session was
   */
  void encrypted(Transport proved, boolean sessionResumed) {
    transport = proved;
    resumed = sessionResumed;
  }

  boolean resumed() {
    return resumed;
  }

  void proved(PresentedCertificates now) {
    proof = now;
  }

  /**
   * When the first certificate of the client's chain expires, at which moment it is no longer
   * admitted; empty where it has shown none.
   */
  public Optional<Instant> certificateExpiry() {
    PresentedCertificates now = proof;
    return now.shown().isEmpty() ? Optional.empty() : Optional.of(now.expiry());
  }

  PresentedCertificates proof() {
    return proof;
  }

  /** Whether it is closed, but for a last word that the client has yet to read. */
  boolean isOver() {
    return phase() instanceof ClientPhase.Closed;
  }

  /** Every identity that the server may take the client for: two during COM_CHANGE_USER. */
  List<Admitted> possible() {
    return phase().admitted();
  }

  void measured(SocketMeter byMeter) {
    meter = byMeter;
  }

  /** Bytes read from the client's socket so far; empty where nothing is measured. */
  public OptionalLong received() {
    SocketMeter byMeter = meter;
    return byMeter == null ? OptionalLong.empty() : OptionalLong.of(byMeter.received());
  }

  /** Bytes written to the client's socket so far; empty where nothing is measured. */
  public OptionalLong sent() {
    SocketMeter byMeter = meter;
    return byMeter == null ? OptionalLong.empty() : OptionalLong.of(byMeter.sent());
  }

  /** When the client was accepted. */
  public Instant connectedAt() {
    return connectedAt;
  }

  /** The client's address and port: {@code 10.0.0.5:41234}. */
  public String peer() {
    return peer.toString();
  }

  /** The phase, and since when. */
  public Standing standing() {
    Current now = current;
    return new Standing(now.phase().label(), now.since());
  }

  /** What {@code connection_id()} says and KILL takes; empty before the server's greeting. */
  public OptionalLong id() {
    return id;
  }

  /**
   * Of the leg that is TLS: version, cipher, and the client's certificate where it is the client's;
   * {@link Transport#PLAIN} before TLS.
   */
  public Transport transport() {
    return transport;
  }

  /**
   * The login that the rules let in, or the latest change of user, with its user and its rule. The
   * server may still refuse it while the phase is {@link Phase#AUTHENTICATION}.
   */
  public Optional<Admitted> admitted() {
    List<Admitted> now = possible();
    return now.isEmpty() ? Optional.empty() : Optional.of(now.get(now.size() - 1));
  }

  /** {@code connection 17 of user 'laura'}. */
  @Override
  public String toString() {
    String user = admitted().map(by -> " of user '" + by.login().user() + "'").orElse("");
    return "connection " + (id.isPresent() ? id.getAsLong() : "without an id") + user;
  }

  /**
   * Closes it, soon and on its own event loop: with an ERR packet where the protocol allows one at
   * this moment. The log says which, and why.
   *
   * @param closeReason what it counts as
   * @param reason a clause without a full stop: {@code the certificate CN=laura is revoked}
   */
  public void close(CloseReason closeReason, String reason) {
    onItsLoop(() -> owner.disconnect(closeReason, reason));
  }

  /** Closes it at once, on its event loop, before anything else can arrive there. */
  void closeHere(CloseReason closeReason, String reason) {
    owner.disconnect(closeReason, reason);
  }

  /**
   * Closes it as soon as the client has nothing to lose; {@link Departure} says when that is.
   *
   * @param urgentAt when a busy client is to go too, as {@link System#nanoTime}
   */
  void depart(long urgentAt) {
    if (departing.compareAndSet(false, true)) {
      onItsLoop(() -> owner.depart(urgentAt));
    }
  }

  /** Whether the client has yet to be sent something; if not, it may still have to read it. */
  boolean isUnfinished() {
    return phase() instanceof ClientPhase.Open || owner.isSending();
  }

  /** Where everything happens that changes it. */
  EventLoop loop() {
    return loop;
  }

  /** Runs it soon. */
  private void onItsLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException ended) {
      // and with the event loop the connection
    }
  }
}
