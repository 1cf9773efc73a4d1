package io.mysqltlsproxy.protocol;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;

/** Holds a decoder against every beginning of a packet. */
final class Truncation {

  interface Decoder {
    Object decode(ByteBuf payload) throws MalformedPacketException;
  }

  private Truncation() {}

  /**
   * Decodes every beginning of a payload; any exception but a refusal fails the test.
   *
   * @return the shortest beginning that is taken, in bytes, the whole payload included
   */
  static int shortestTaken(ByteBuf payload, Decoder decoder) {
    int shortest = -1;
    for (int length = payload.readableBytes(); length >= 0; length--) {
      try {
        decoder.decode(Packets.cut(payload, length));
        shortest = length;
      } catch (MalformedPacketException refused) {
        // Refusing is what a decoder may do.
      }
    }
    return shortest;
  }
}
