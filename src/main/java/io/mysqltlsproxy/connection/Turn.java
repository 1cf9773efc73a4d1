package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.codec.PacketHeader;
import io.netty.buffer.ByteBuf;

/**
 * Whether either side, after the login, is between two packets of the other's, so that one more can
 * be put there. Responses are not followed to tell: only the first bytes of each are looked at, by
 * their packet headers, which is enough for every response that comes in one piece.
 */
final class Turn {
  /** What a larger response costs is not worth knowing where it ends. */
  private static final int MAX_PACKETS = 64;

  private boolean clientSentWholePackets = true;
  private boolean serverSentWholePackets = true;
  private boolean responseBegins;

  /**
   * The client has sent something, and it sends no command before the last one's response has come.
   *
   * @param whole whether the server now has every packet to its end
   */
  void clientSent(boolean whole) {
    clientSentWholePackets = whole;
    serverSentWholePackets = true;
    responseBegins = true;
  }

  /** The server has sent this. */
  void serverSent(ByteBuf data) {
    serverSentWholePackets = responseBegins && isWhole(data);
    responseBegins = false;
  }

  /** Whether the server has said something since it was last sent something. */
  boolean serverHasAnswered() {
    return !responseBegins;
  }

  /** Whether the server has every packet of the client's to its end. */
  boolean clientSentWholePackets() {
    return clientSentWholePackets;
  }

  /** Whether the client is known to have every packet of the server's to its end. */
  boolean serverSentWholePackets() {
    return serverSentWholePackets;
  }

  private static boolean isWhole(ByteBuf data) {
    int at = data.readerIndex();
    for (int packet = 0; packet < MAX_PACKETS; packet++) {
      if (data.writerIndex() - at < PacketHeader.LENGTH) {
        return false;
      }
      at += PacketHeader.LENGTH + data.getUnsignedMediumLE(at);
      if (at == data.writerIndex()) {
        return true;
      }
    }
    return false;
  }
}
