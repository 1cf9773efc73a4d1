package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.net.ProxyHeader;
import io.mysqltlsproxy.net.ServerConnector;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.text.Printable;
import io.mysqltlsproxy.tls.HandshakeFailures;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * How a connection ends: in what phase, by whose doing, with which last word to the client, with
 * which line in the log, and without harm to the server.
 */
final class Lifecycle implements EndHandler.Life {
  private static final Logger log = LoggerFactory.getLogger("connection");

  private final ConnectionSettings settings;
  private ClientAddress peer;
  private final LiveConnection live;
  private final Leg client;
  private final Future<?> deadline;
  private @Nullable ServerLeg server;
  private Phase phase = Phase.CONNECTING;
  private boolean loggedIn;
  private @Nullable LoginAudit audit;
  private Turn turn = new Turn();

  Lifecycle(ConnectionSettings settings, LiveConnections all, Channel accepted) {
    this.settings = settings;
    this.peer = ClientAddress.of(accepted);
    this.live = new LiveConnection(peer, accepted.eventLoop(), this::disconnect);
    all.add(live);
    accepted.closeFuture().addListener(closed -> all.remove(live));
    this.client = new Leg(accepted, new EndHandler(this, Side.CLIENT), settings.events().traffic());
    client.meter().ifPresent(live::measured);
    this.deadline =
        accepted
            .eventLoop()
            .schedule(
                this::deadlinePassed, settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
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
    return phase == Phase.CLOSED;
  }

  void enter(Phase next) {
    settings.events().moved(phase, next);
    phase = next;
    live.enter(next);
  }

  /** The rules were asked; the outcome is still to come. */
  void asked(LoginAudit login) {
    audit = login;
  }

  /** The server has refused a change of user, and the connection goes on as it was. */
  void changeDenied() {
    if (audit != null) {
      audit.ended(CloseReason.DENIED_BY_SERVER);
    }
  }

  /** The login, or a change of user, is done, and the relay begins. */
  Turn relaying() {
    enter(Phase.COMMANDS);
    deadline.cancel(false);
    if (!loggedIn) {
      loggedIn = true;
      settings.events().loggedIn();
    }
    if (audit != null) {
      audit.accepted();
    }
    turn = new Turn();
    return turn;
  }

  ServerLeg connected(Channel channel) {
    ServerLeg leg =
        new ServerLeg(channel, new EndHandler(this, Side.SERVER), settings.events().traffic());
    server = leg;
    return leg;
  }

  /** There are too many clients: this one ends before the server hears of it. */
  void noPlace(ConnectionLimits.Full full) {
    full.line().ifPresent(line -> log.info("{}: refused: Too many connections: {}", peer, line));
    close(CloseReason.TOO_MANY_CONNECTIONS);
    ByteBuf packet = client.allocator().buffer();
    ErrPacket.tooManyConnections().encode(packet, /* withSqlState= */ false);
    client.sendAndClose(packet);
  }

  /** No connection to the server could be made. */
  void serverUnreachable(Throwable cause) {
    unreachable(ServerConnector.describe(cause));
  }

  /** The server sent an ERR packet in place of its greeting: the client gets the same bytes. */
  void refusedByServer(ByteBuf packet) {
    ErrPacket error = decode(packet);
    end(CloseReason.of(error), "the server refused the connection: " + error, packet);
  }

  /** The server refused the login: the client gets the same bytes. */
  void deniedByServer(ByteBuf packet) {
    end(CloseReason.DENIED_BY_SERVER, "the server refused the login: " + decode(packet), packet);
  }

  private static ErrPacket decode(ByteBuf packet) {
    try {
      return ErrPacket.decode(packet);
    } catch (MalformedPacketException e) {
      return ErrPacket.unknown("without a reason that could be read");
    }
  }

  /** TLS could not be agreed on; the client got its alert, and can be told no more. */
  void handshakeFailed(Throwable cause) {
    CloseReason closeReason =
        HandshakeFailures.isRefusedCertificate(cause)
            ? CloseReason.CLIENT_CERTIFICATE
            : CloseReason.TLS_HANDSHAKE;
    end(closeReason, "TLS handshake failed: " + HandshakeFailures.describe(cause));
  }

  /** The rules say no. */
  void refuse(Refused refused) {
    ErrPacket error = new ErrPacket(refused.code(), refused.sqlState(), refused.message());
    end(CloseReason.of(refused), "refused: " + refused.message() + ": " + refused.reason(), error);
  }

  /** The authentication cannot be brought to an end over these two legs. */
  void impossible(ErrPacket error) {
    end(CloseReason.AUTHENTICATION_METHOD, "refused: " + error.message(), error);
  }

  /** The proxy itself wants the client gone; in the midst of a packet there is no last word. */
  void disconnect(CloseReason closeReason, String why) {
    String reason = "disconnected: " + live + ": " + why;
    boolean relaying = phase == Phase.COMMANDS;
    if (relaying && server != null && turn.clientSentWholePackets()) {
      server.quit();
    }
    if (relaying ? turn.serverSentWholePackets() : phase != Phase.TLS) {
      boolean shutdown = closeReason == CloseReason.SHUTDOWN;
      end(
          closeReason,
          reason,
          shutdown ? ErrPacket.serverShutdown() : ErrPacket.connectionKilled());
    } else {
      end(closeReason, reason);
    }
  }

  @Override
  public void ended(Side side) {
    switch (phase) {
      case CLOSED -> {}
      case COMMANDS -> {
        log.debug("{}: closed by the {}", peer, side);
        close(side.closed());
        client.flushAndClose();
      }
      case CONNECTING, GREETING -> {
        if (side == Side.SERVER) {
          unreachable("it closed the connection before its greeting");
        } else {
          end(CloseReason.CLIENT_CLOSED, "the client went away before the greeting");
        }
      }
      default -> {
        String reason = "the " + side + " closed the connection while " + phase;
        if (side == Side.SERVER && phase != Phase.TLS) {
          end(side.closed(), reason, ErrPacket.serverLost(phase.toString()));
        } else {
          end(side.closed(), reason);
        }
      }
    }
  }

  @Override
  public void failed(Side side, Throwable cause) {
    if (cause instanceof IOException || phase == Phase.CLOSED) {
      ended(side);
      return;
    }
    Failure failure = Failure.of(cause, side, phase, peer);
    if (failure.closeReason() == CloseReason.INTERNAL_ERROR) {
      log.error("{}: unexpected failure on the {}'s side while {}", peer, side, phase, cause);
    }
    failure
        .lastWord()
        .ifPresentOrElse(
            lastWord -> end(failure.closeReason(), failure.reason(), lastWord),
            () -> end(failure.closeReason(), failure.reason()));
  }

  private void deadlinePassed() {
    String within = " within --connect-timeout=" + settings.connectTimeout().toSeconds();
    switch (phase) {
      case CONNECTING -> unreachable("no answer" + within);
      case GREETING -> unreachable("it accepted the connection but sent no greeting" + within);
      default -> end(CloseReason.TIMEOUT, "no login" + within + ", still " + phase);
    }
  }

  private void unreachable(String why) {
    ErrPacket error = ErrPacket.cannotConnect(settings.backend().toString(), why);
    end(CloseReason.SERVER_UNREACHABLE, error.message(), error);
  }

  private void end(CloseReason closeReason, String reason) {
    if (close(closeReason, reason)) {
      client.close();
    }
  }

  private void end(CloseReason closeReason, String reason, ErrPacket lastWord) {
    ByteBuf packet = client.allocator().buffer();
    try {
      lastWord.encode(packet, !phase.isBeforeGreeting());
      end(closeReason, reason, packet);
    } finally {
      packet.release();
    }
  }

  private void end(CloseReason closeReason, String reason, ByteBuf lastWord) {
    boolean isAnswer = phase == Phase.COMMANDS;
    if (close(closeReason, reason)) {
      if (isAnswer) {
        client.restartSequence(1);
      }
      client.sendAndClose(lastWord.retain());
    }
  }

  /** Closes once and for all, but for the client's leg; false where that has happened before. */
  private boolean close(CloseReason closeReason, String reason) {
    if (phase == Phase.CLOSED) {
      return false;
    }
    MDC.put("peer", peer.toString());
    log.atInfo()
        .addKeyValue("by", closeReason.by().label())
        .addKeyValue("reason", closeReason.label())
        .log("{}: {}", peer, Printable.bounded(reason));
    MDC.remove("peer");
    close(closeReason);
    return true;
  }

  private void close(CloseReason closeReason) {
    enter(Phase.CLOSED);
    deadline.cancel(false);
    settings.events().ended(closeReason, loggedIn);
    if (audit != null) {
      audit.ended(closeReason);
    }
    if (server != null) {
      server.end();
    }
  }
}
