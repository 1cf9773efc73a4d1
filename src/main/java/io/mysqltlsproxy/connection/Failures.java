package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.connection.Failure.ErrPayload;
import io.mysqltlsproxy.connection.ForeignServiceDetector.ForeignServiceException;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.net.ServerConnector;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.tls.HandshakeFailures;
import io.mysqltlsproxy.tls.ServerHandshakeFailures;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Every way in which a connection can fail, with what the log and the client are told. */
record Failures(ConnectionSettings settings) {

  /** No connection to the server could be made. */
  Failure unreachable(Throwable cause) {
    return unreachable(ServerConnector.describe(cause));
  }

  /** The server's address leads back to this proxy. */
  Failure leadsBack() {
    return unreachable("--backend leads back to this proxy");
  }

  private Failure unreachable(String why) {
    return serverFailed(CloseReason.SERVER_UNREACHABLE, why);
  }

  private Failure serverFailed(CloseReason closeReason, String why) {
    ErrPacket error = ErrPacket.cannotConnect(settings.backend().toString(), why);
    return new Failure(closeReason, error.message(), Optional.of(error::encode), clientFailed(why));
  }

  /** The server sent an ERR packet in place of its greeting: the client gets the same bytes. */
  Failure refusedByServer(ByteBuf packet) {
    ErrPacket error = decode(packet);
    Level level =
        error.code() == ErrPacket.TOO_MANY_CONNECTIONS
            ? Level.INFO
            : clientFailed("it refuses the proxy: " + error);
    return new Failure(
        CloseReason.of(error),
        "the server refused the connection: " + error,
        Optional.of(same(packet)),
        level);
  }

  /** The server refused the login: the client gets the same bytes. */
  Failure deniedByServer(ByteBuf packet) {
    String reason = "the server refused the login: " + decode(packet);
    return new Failure(CloseReason.DENIED_BY_SERVER, reason, Optional.of(same(packet)), Level.INFO);
  }

  private static ErrPacket decode(ByteBuf packet) {
    try {
      return ErrPacket.decode(packet);
    } catch (MalformedPacketException e) {
      return ErrPacket.unknown("without a readable reason");
    }
  }

  private static ErrPayload same(ByteBuf packet) {
    return (out, withSqlState) ->
        out.writeBytes(packet, packet.readerIndex(), packet.readableBytes());
  }

  /**
   * The rules say no.
   *
   * @param collation of the client's character set
   */
  Failure refused(Refused refused, int collation) {
    ErrPacket error = new ErrPacket(refused.code(), refused.sqlState(), refused.message());
    return new Failure(
        CloseReason.of(refused),
        "refused: " + refused.message() + ": " + refused.reason(),
        Optional.of((out, withSqlState) -> error.encodeFor(collation, out)),
        Level.INFO);
  }

  /** The authentication cannot be brought to an end over these two legs. */
  Failure impossible(ErrPacket error) {
    return Failure.told(CloseReason.AUTHENTICATION_METHOD, "refused: " + error.message(), error);
  }

  /** TLS could not be agreed on; the client got its alert, and can be told no more. */
  Failure clientHandshake(Throwable cause) {
    return Failure.silent(
        CloseReason.ofHandshake(cause),
        "TLS handshake failed: " + HandshakeFailures.describe(cause));
  }

  /** It does not offer TLS, or somebody on the way has taken the offer out. */
  Failure withoutTls() {
    return serverFailed(
        CloseReason.SERVER_TLS,
        "it does not offer TLS, and nothing is sent to it without; enable TLS at the server, and if"
            + " it is enabled there, somebody on the way has removed the offer");
  }

  /** TLS with the server failed, or it has ended TLS afterwards. */
  Failure serverHandshake(Throwable cause) {
    String why = ServerHandshakeFailures.describe(cause);
    return Failure.told(
        CloseReason.ofServerHandshake(cause),
        "TLS with the server " + settings.backend() + " failed: " + why,
        ErrPacket.sslConnection(settings.backend().toString(), why));
  }

  /** What the server's side sent first is not a greeting. */
  Failure noGreeting(Throwable cause, ClientAddress peer) {
    String reason =
        cause instanceof ForeignServiceException
            ? "what answers at " + settings.backend() + " is " + cause.getMessage()
            : Failure.of(cause, Side.SERVER, Phase.GREETING, peer).reason();
    return new Failure(
        CloseReason.SERVER_PROTOCOL,
        reason,
        Optional.of(ErrPacket.unknown("mysql-tls-proxy: " + reason)::encode),
        clientFailed(reason));
  }

  /** A line for the first client only, while the server cannot be used. */
  private Level clientFailed(String why) {
    return settings.server().clientFailed(why) ? Level.INFO : Level.DEBUG;
  }

  /**
   * One side has closed its connection before the login was over.
   *
   * @param inPacket whether the client was sending a packet
   */
  Failure ended(Side side, Phase phase, boolean inPacket) {
    boolean greeting = phase == Phase.CONNECTING || phase == Phase.GREETING;
    if (greeting && side == Side.SERVER) {
      return unreachable("it closed the connection before its greeting");
    }
    String reason = "the " + side + " closed the connection while " + phase;
    if (side == Side.CLIENT && !inPacket && (greeting || saysNothing(phase))) {
      // Most often a health check, and many come each minute.
      return new Failure(side.closed(), reason, Optional.empty(), Level.DEBUG);
    }
    return side == Side.SERVER && phase != Phase.TLS
        ? Failure.told(side.closed(), reason, ErrPacket.serverLost(phase.toString()))
        : Failure.silent(side.closed(), reason);
  }

  private static boolean saysNothing(Phase phase) {
    return phase == Phase.PROXY_HEADER || phase == Phase.SSL_REQUEST;
  }

  /**
   * There was no login in time.
   *
   * @param server the leg towards it, where there is one
   */
  Failure deadline(Phase phase, @Nullable ServerLeg server) {
    String within = " within --connect-timeout=" + settings.connectTimeout().toSeconds();
    return switch (phase) {
      case CONNECTING -> unreachable("no answer" + within);
      case GREETING ->
          unreachable(
              settings
                  .server()
                  .why()
                  .filter(ServerProbe::isForeign)
                  .orElse("it accepted the connection but sent no greeting" + within));
      case SERVER_TLS ->
          serverHandshake(new SSLException("the server did not finish the TLS handshake" + within));
      case AUTHENTICATION -> authenticationDeadline(server, within);
      default -> noLogin(within, phase);
    };
  }

  private static Failure noLogin(String within, Phase phase) {
    return Failure.silent(CloseReason.TIMEOUT, "no login" + within + ", still " + phase);
  }

  /** A client that waits for an answer is told; one that is waited for is not listening. */
  private Failure authenticationDeadline(@Nullable ServerLeg server, String within) {
    if (server != null && server.owesAnswer()) {
      return waited("the server did not answer the login" + within);
    }
    if (server != null && server.awaitsLogin()) {
      return waited(
          "the login had no turn"
              + within
              + ": the server counts logins of unknown users against the proxy, so logins of users"
              + " that it may not know are sent one at a time, and too many are waiting");
    }
    return noLogin(within, Phase.AUTHENTICATION);
  }

  private Failure waited(String why) {
    ErrPacket error = ErrPacket.cannotConnect(settings.backend().toString(), why);
    return Failure.told(CloseReason.TIMEOUT, error.message(), error);
  }
}
