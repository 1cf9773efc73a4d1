package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.Closed;
import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.connection.ClientPhase.Connecting;
import io.mysqltlsproxy.connection.ClientPhase.Open;
import io.mysqltlsproxy.connection.ClientPhase.TlsHandshake;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.net.Guard;
import io.mysqltlsproxy.net.ProxyHeader;
import io.mysqltlsproxy.net.ServerConnector;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.text.Printable;
import io.mysqltlsproxy.tls.HandshakeFailures;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * How a connection ends: in what phase, by whose doing, with which last word to the client, with
 * which line in the log, and without harm to the server.
 */
final class Lifecycle implements EndHandler.Life, LiveConnection.Owner {
  private static final Logger log = LoggerFactory.getLogger("connection");

  private final ConnectionSettings settings;
  private ClientAddress peer;
  private final LiveConnection live;
  private final Leg client;
  private final Future<?> deadline;
  private final Connecting first = new Connecting();
  private final Failures failures;
  private @Nullable ServerLeg server;
  private boolean loggedIn;

  Lifecycle(ConnectionSettings settings, LiveConnections all, Channel accepted) {
    this.settings = settings;
    this.failures = new Failures(settings);
    this.peer = ClientAddress.of(accepted);
    this.live = new LiveConnection(peer, first, accepted.eventLoop(), this);
    all.add(live);
    accepted.closeFuture().addListener(closed -> all.remove(live));
    this.client = new Leg(accepted, new EndHandler(this, Side.CLIENT), settings.events().traffic());
    client.meter().ifPresent(live::measured);
    this.deadline =
        accepted
            .eventLoop()
            .schedule(
                Guard.task(accepted, this::deadlinePassed),
                settings.connectTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
    settings.events().accepted();
  }

  /** A balancer has said whose connection it is; nothing where it is its own. */
  void announced(Optional<ProxyHeader> header) {
    header.ifPresent(
        said -> {
          log.debug("{}: this is {}", peer, said.source());
          peer = ClientAddress.of(said);
          live.announced(peer);
        });
  }

  ClientAddress peer() {
    return peer;
  }

  /** What others see of it. */
  LiveConnection live() {
    return live;
  }

  Leg client() {
    return client;
  }

  boolean isOver() {
    return live.phase() instanceof Closed;
  }

  /** The phase in which every connection begins. */
  Connecting connecting() {
    return first;
  }

  /**
   * Enters the next phase, if the connection is still in the one that this follows. Otherwise it
   * has been closed meanwhile, and the caller has nothing more to do.
   */
  @SuppressWarnings("ReferenceEquality") // the very phase, not one like it
  boolean move(Open from, Open to) {
    if (live.phase() != from) {
      return false;
    }
    enter(to);
    return true;
  }

  private void enter(ClientPhase next) {
    settings.events().moved(live.phase().label(), next.label());
    live.enter(next);
  }

  /** The server has said OK to a login or a change of user. */
  void loggedIn(Authenticating done) {
    deadline.cancel(false);
    if (!loggedIn) {
      loggedIn = true;
      settings.events().loggedIn();
    }
    done.ruling().audit().accepted();
  }

  ServerLeg connected(Channel channel) {
    ServerLeg leg =
        new ServerLeg(
            channel,
            new EndHandler(this, Side.SERVER),
            settings.events().traffic(),
            settings.hostErrors());
    server = leg;
    return leg;
  }

  /** The client's user may not use the Unix socket: it ends before the server hears of it. */
  void notAllowed() {
    ErrPacket error = ErrPacket.hostNotAllowed("not among --socket-users");
    end(CloseReason.SOCKET_USER, "refused: " + error.message(), error);
  }

  /** There are too many clients: this one ends before the server hears of it. */
  void rejected(ConnectionLimits.Full full) {
    if (isOver()) {
      return;
    }
    full.line().ifPresent(line -> log.info("{}: rejected: {}", peer, line));
    ErrPacket error = ErrPacket.tooManyConnections();
    turnAway(error, CloseReason.TOO_MANY_CONNECTIONS);
  }

  /** The server greets nobody, and so many wait for it that there is no place either. */
  void unreachableBeyondLimit(String why) {
    log.debug("{}: {}", peer, why);
    turnAway(
        ErrPacket.cannotConnect(settings.backend().toString(), why),
        CloseReason.SERVER_UNREACHABLE);
  }

  /** There may be any number of these: few of them can be waited for. */
  private void turnAway(ErrPacket error, CloseReason closeReason) {
    ByteBuf packet = client.allocator().buffer();
    error.encode(packet, !live.phase().label().isBeforeGreeting());
    close(closeReason);
    if (settings.limits().mayLinger(client.channel())) {
      client.sendAndClose(packet);
    } else {
      client.send(packet);
      client.flushAndClose();
    }
  }

  /** No connection to the server could be made. */
  void serverUnreachable(Throwable cause) {
    end(failures.unreachable(ServerConnector.describe(cause)));
  }

  /** The server's address leads back to this proxy. */
  void leadsBack() {
    end(failures.unreachable("--backend leads back to this proxy"));
  }

  /** The server sent an ERR packet in place of its greeting: the client gets the same bytes. */
  void refusedByServer(ByteBuf packet) {
    ErrPacket error = decode(packet);
    Level level =
        error.code() == ErrPacket.TOO_MANY_CONNECTIONS
            ? Level.INFO
            : failures.clientFailed("it refuses the proxy: " + error);
    end(CloseReason.of(error), "the server refused the connection: " + error, packet, level);
  }

  /** The server refused the login: the client gets the same bytes. */
  void deniedByServer(ByteBuf packet) {
    String reason = "the server refused the login: " + decode(packet);
    end(CloseReason.DENIED_BY_SERVER, reason, packet, Level.INFO);
  }

  private static ErrPacket decode(ByteBuf packet) {
    try {
      return ErrPacket.decode(packet);
    } catch (MalformedPacketException e) {
      return ErrPacket.unknown("without a readable reason");
    }
  }

  /** TLS could not be agreed on; the client got its alert, and can be told no more. */
  void handshakeFailed(Throwable cause) {
    end(
        CloseReason.ofHandshake(cause),
        "TLS handshake failed: " + HandshakeFailures.describe(cause));
  }

  /** The server's leg must be TLS, and the server does not offer it. */
  void serverWithoutTls() {
    end(failures.withoutTls());
  }

  /** TLS could not be agreed on with the server; the client still waits for an answer. */
  void serverHandshakeFailed(Throwable cause) {
    end(failures.serverHandshake(cause));
  }

  /**
   * The rules say no.
   *
   * @param collation of the client's character set
   */
  void refuse(Refused refused, int collation, LoginAudit audit) {
    ErrPacket error = new ErrPacket(refused.code(), refused.sqlState(), refused.message());
    CloseReason closeReason = CloseReason.of(refused);
    String reason = "refused: " + refused.message() + ": " + refused.reason();
    ByteBuf packet = client.allocator().buffer();
    try {
      error.encodeFor(collation, packet);
      end(closeReason, reason, packet, Level.INFO);
    } finally {
      packet.release();
    }
    audit.ended(closeReason);
  }

  /** The authentication cannot be brought to an end over these two legs. */
  void impossible(ErrPacket error) {
    end(CloseReason.AUTHENTICATION_METHOD, "refused: " + error.message(), error);
  }

  /** The proxy itself disconnects the client; halfway through a packet it cannot say why. */
  @Override
  public void disconnect(CloseReason closeReason, String why) {
    String reason = "disconnected: " + live + ": " + why;
    if (live.phase() instanceof Commands commands) {
      if (server != null && commands.takesCommand()) {
        server.quit();
      }
      if (!commands.responses().isBetweenPackets()) {
        end(closeReason, reason);
        return;
      }
    } else if (live.phase() instanceof TlsHandshake) {
      end(closeReason, reason);
      return;
    }
    boolean shutdown = closeReason == CloseReason.SHUTDOWN;
    end(closeReason, reason, shutdown ? ErrPacket.serverShutdown() : ErrPacket.connectionKilled());
  }

  @Override
  public void depart(long urgentAt) {
    client.watch(new Departure(live, urgentAt));
  }

  @Override
  public boolean isSending() {
    return client.isSending();
  }

  @Override
  public void ended(Side side) {
    switch (live.phase().label()) {
      case CLOSED -> {}
      case COMMANDS -> {
        log.debug("{}: closed by the {}", peer, side);
        close(side.closed());
        if (side == Side.SERVER) {
          client.finish();
        } else {
          client.flushAndClose();
        }
      }
      default -> end(failures.ended(side, live.phase().label(), client.isInPacket()));
    }
  }

  @Override
  public void failed(Side side, Throwable cause) {
    if (cause instanceof IOException || isOver()) {
      ended(side);
    } else {
      unexpected(side, cause);
    }
    if (side == Side.SERVER && server != null) {
      server.failed();
    }
  }

  private void unexpected(Side side, Throwable cause) {
    if (side == Side.SERVER && live.phase().label() == Phase.GREETING) {
      end(failures.noGreeting(cause, peer));
      return;
    }
    Failure failure =
        side == Side.SERVER && cause instanceof DecoderException
            ? failures.serverHandshake(cause)
            : Failure.of(cause, side, live.phase().label(), peer);
    if (failure.closeReason() == CloseReason.INTERNAL_ERROR) {
      log.error(
          "{}: unexpected failure on the {}'s side while {}",
          peer,
          side,
          live.phase().label(),
          cause);
    }
    end(failure);
  }

  private void deadlinePassed() {
    end(failures.deadline(live.phase().label()));
  }

  private void end(Failure failure) {
    failure
        .lastWord()
        .ifPresentOrElse(
            word -> end(failure.closeReason(), failure.reason(), word, failure.level()),
            () -> end(failure.closeReason(), failure.reason(), failure.level()));
  }

  private void end(CloseReason closeReason, String reason) {
    end(closeReason, reason, Level.INFO);
  }

  private void end(CloseReason closeReason, String reason, Level level) {
    if (close(closeReason, reason, level)) {
      client.close();
    }
  }

  private void end(CloseReason closeReason, String reason, ErrPacket lastWord) {
    end(closeReason, reason, lastWord, Level.INFO);
  }

  private void end(CloseReason closeReason, String reason, ErrPacket lastWord, Level level) {
    ByteBuf packet = client.allocator().buffer();
    try {
      lastWord.encode(packet, !live.phase().label().isBeforeGreeting());
      end(closeReason, reason, packet, level);
    } finally {
      packet.release();
    }
  }

  private void end(CloseReason closeReason, String reason, ByteBuf lastWord, Level level) {
    if (live.phase() instanceof Commands commands) {
      client.restartSequence(commands.responses().nextId());
    }
    if (close(closeReason, reason, level)) {
      client.sendAndClose(lastWord.retain());
    }
  }

  /** Closes once and for all, but for the client's leg; false where that has happened before. */
  private boolean close(CloseReason closeReason, String reason, Level level) {
    if (isOver()) {
      return false;
    }
    MDC.put("peer", peer.toString());
    log.atLevel(level)
        .addKeyValue("by", closeReason.by().label())
        .addKeyValue("reason", closeReason.label())
        .log("{}: {}", peer, Printable.bounded(reason));
    MDC.remove("peer");
    close(closeReason);
    return true;
  }

  private void close(CloseReason closeReason) {
    if (!(live.phase() instanceof Open open)) {
      return;
    }
    enter(open.close());
    deadline.cancel(false);
    settings.events().ended(closeReason, loggedIn);
    if (open instanceof Authenticating login) {
      login.ruling().audit().ended(closeReason);
    }
    if (server != null) {
      server.end();
    }
  }
}
