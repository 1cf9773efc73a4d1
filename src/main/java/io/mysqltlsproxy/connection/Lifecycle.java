package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.Closed;
import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.connection.ClientPhase.Connecting;
import io.mysqltlsproxy.connection.ClientPhase.Open;
import io.mysqltlsproxy.connection.ClientPhase.TlsHandshake;
import io.mysqltlsproxy.connection.Failure.ErrPayload;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.net.Guard;
import io.mysqltlsproxy.net.ProxyHeader;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.text.Printable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

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
    settings
        .limits()
        .stranger(error.message())
        .line()
        .ifPresent(line -> log.info("{}: refused: {}", peer, line));
    turnAway(error, CloseReason.SOCKET_USER);
  }

  /** There are too many clients: this one ends before the server hears of it. */
  void rejected(ConnectionLimits.Full full) {
    if (isOver()) {
      return;
    }
    full.line().ifPresent(line -> log.info("{}: rejected: {}", peer, line));
    turnAway(ErrPacket.tooManyConnections(), CloseReason.TOO_MANY_CONNECTIONS);
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
    ByteBuf packet = encoded(error::encode);
    close(closeReason);
    if (settings.limits().mayLinger(client.channel())) {
      client.sendAndClose(packet);
    } else {
      client.send(packet);
      client.flushAndClose();
    }
  }

  /** The proxy itself disconnects the client; halfway through a packet it cannot say why. */
  @Override
  public void disconnect(CloseReason closeReason, String why) {
    boolean midPacket = live.phase() instanceof TlsHandshake;
    if (live.phase() instanceof Commands commands) {
      if (server != null && commands.takesCommand()) {
        server.quit();
      }
      midPacket = !commands.responses().isBetweenPackets();
    }
    String reason = "disconnected: " + live + ": " + why;
    boolean shutdown = closeReason == CloseReason.SHUTDOWN;
    end(
        midPacket
            ? Failure.silent(closeReason, reason)
            : Failure.told(
                closeReason,
                reason,
                shutdown ? ErrPacket.serverShutdown() : ErrPacket.connectionKilled()));
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
    end(failures.deadline(live.phase().label(), server));
  }

  /** Ends it by one of the failures, if it has not ended before. */
  void end(Function<Failures, Failure> by) {
    end(by.apply(failures));
  }

  private void end(Failure failure) {
    if (isOver()) {
      return;
    }
    Optional<ByteBuf> lastWord = failure.lastWord().map(this::encoded);
    log(failure);
    close(failure.closeReason());
    lastWord.ifPresentOrElse(client::sendAndClose, client::close);
  }

  /** Under the sequence id that is due. */
  private ByteBuf encoded(ErrPayload error) {
    ByteBuf packet = client.allocator().buffer();
    error.encode(packet, !live.phase().label().isBeforeGreeting());
    if (live.phase() instanceof Commands commands) {
      client.restartSequence(commands.responses().nextId());
    }
    return packet;
  }

  private void log(Failure failure) {
    MDC.put("peer", peer.toString());
    log.atLevel(failure.level())
        .addKeyValue("by", failure.closeReason().by().label())
        .addKeyValue("reason", failure.closeReason().label())
        .log("{}: {}", peer, Printable.bounded(failure.reason()));
    MDC.remove("peer");
  }

  /** Closes once and for all, but for the client's leg. */
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
