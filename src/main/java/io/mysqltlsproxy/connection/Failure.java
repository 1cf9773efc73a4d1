package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.codec.PacketFormatException;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.UnsupportedLoginException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * Why a connection ends, and what the log and the client are told.
 *
 * @param closeReason what it counts as
 * @param reason for the log
 * @param lastWord for the client; empty where it could not read one
 * @param level of the line in the log
 */
record Failure(CloseReason closeReason, String reason, Optional<ErrPayload> lastWord, Level level) {

  /** An ERR_Packet. */
  interface ErrPayload {
    /**
     * Writes its payload.
     *
     * @param withSqlState false in place of a greeting, when the client could not tell it from text
     */
    void encode(ByteBuf out, boolean withSqlState);
  }

  /** One that the client is told. */
  static Failure told(CloseReason closeReason, String reason, ErrPacket lastWord) {
    return new Failure(closeReason, reason, Optional.of(lastWord::encode), Level.INFO);
  }

  /** One after which the client could not read a last word. */
  static Failure silent(CloseReason closeReason, String reason) {
    return new Failure(closeReason, reason, Optional.empty(), Level.INFO);
  }

  static Failure of(Throwable cause, Side side, Phase phase, ClientAddress peer) {
    if (cause instanceof PacketFormatException e) {
      return ofFormat(e, side, phase, peer);
    }
    if (cause instanceof HAProxyProtocolException) {
      return silent(CloseReason.CLIENT_PROTOCOL, "bad PROXY header: " + cause.getMessage());
    }
    if (cause instanceof MalformedPacketException) {
      boolean command = phase == Phase.COMMANDS;
      ErrPacket error = command ? ErrPacket.unknownCommand() : ErrPacket.badHandshake();
      if (cause instanceof UnsupportedLoginException) {
        error = error.because(String.valueOf(cause.getMessage()));
      }
      return malformed(cause, side, phase, error);
    }
    if (cause instanceof DecoderException) {
      return silent(
          CloseReason.TLS_BROKEN,
          "TLS failed on the " + side + "'s side while " + phase + ": " + cause.getMessage());
    }
    return silent(
        CloseReason.INTERNAL_ERROR, "an unexpected failure, described in the line before");
  }

  private static Failure ofFormat(
      PacketFormatException cause, Side side, Phase phase, ClientAddress peer) {
    boolean clients = side == Side.CLIENT;
    return switch (cause.problem()) {
      case TLS ->
          silent(
              CloseReason.CLIENT_PROTOCOL,
              "the client began with TLS; in MySQL's protocol TLS begins after the greeting");
      case PROXY_HEADER ->
          clients
              ? told(
                  CloseReason.CLIENT_PROTOCOL,
                  "a PROXY header, but its sender is not in --proxy-protocol-networks",
                  ErrPacket.proxyHeaderNotAccepted(peer.host().address()))
              : malformed(cause, side, phase, ErrPacket.packetsOutOfOrder());
      case FOREIGN -> {
        String does = String.valueOf(cause.getMessage());
        String hint =
            does.contains("HTTP") ? "; health checks by HTTP belong at --admin-address" : "";
        yield told(
            CloseReason.CLIENT_PROTOCOL,
            "the client " + does + " instead of MySQL's protocol" + hint,
            ErrPacket.packetsOutOfOrder());
      }
      case TOO_LARGE -> malformed(cause, side, phase, ErrPacket.packetTooLarge());
      case OUT_OF_ORDER -> malformed(cause, side, phase, ErrPacket.packetsOutOfOrder());
    };
  }

  private static Failure malformed(Throwable cause, Side side, Phase phase, ErrPacket error) {
    String reason =
        "the " + side + " violated the protocol while " + phase + ": " + cause.getMessage();
    return side == Side.CLIENT
        ? told(CloseReason.CLIENT_PROTOCOL, reason, error)
        : told(
            CloseReason.SERVER_PROTOCOL, reason, ErrPacket.unknown("mysql-tls-proxy: " + reason));
  }
}
