package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.ForeignServiceDetector.ForeignServiceException;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.tls.ServerHandshakeFailures;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.slf4j.event.Level;

/** What a connection's end means that neither the client's user nor the rules have asked for. */
record Failures(ConnectionSettings settings) {

  /** The server cannot be reached, or does not greet. */
  Failure unreachable(String why) {
    ErrPacket error = ErrPacket.cannotConnect(settings.backend().toString(), why);
    return new Failure(
        CloseReason.SERVER_UNREACHABLE, error.message(), Optional.of(error), clientFailed(why));
  }

  /** It does not offer TLS, or somebody on the way has taken the offer out. */
  Failure withoutTls() {
    String why =
        "it does not offer TLS, and nothing is sent to it without; enable TLS at the server, and if"
            + " it is enabled there, somebody on the way has removed the offer";
    ErrPacket error = ErrPacket.cannotConnect(settings.backend().toString(), why);
    return new Failure(
        CloseReason.SERVER_TLS, error.message(), Optional.of(error), clientFailed(why));
  }

  /** TLS with the server failed, or it has ended TLS afterwards. */
  Failure serverHandshake(Throwable cause) {
    String why = ServerHandshakeFailures.describe(cause);
    return new Failure(
        CloseReason.ofServerHandshake(cause),
        "TLS with the server " + settings.backend() + " failed: " + why,
        Optional.of(ErrPacket.sslConnection(settings.backend().toString(), why)),
        Level.INFO);
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
        Optional.of(ErrPacket.unknown("mysql-tls-proxy: " + reason)),
        clientFailed(reason));
  }

  /** A line for the first client only, while the server cannot be used. */
  Level clientFailed(String why) {
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
    Optional<ErrPacket> lastWord =
        side == Side.SERVER && phase != Phase.TLS
            ? Optional.of(ErrPacket.serverLost(phase.toString()))
            : Optional.empty();
    return new Failure(side.closed(), reason, lastWord, Level.INFO);
  }

  private static boolean saysNothing(Phase phase) {
    return phase == Phase.PROXY_HEADER || phase == Phase.SSL_REQUEST;
  }

  /** There was no login in time. */
  Failure deadline(Phase phase) {
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
      default ->
          new Failure(
              CloseReason.TIMEOUT,
              "no login" + within + ", still " + phase,
              Optional.empty(),
              Level.INFO);
    };
  }
}
