package io.mysqltlsproxy.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/**
 * How much one leg reads at once and how much may wait for the other, in bytes. What a connection
 * holds of a stream at most is the sum of the two: the leg stops reading at the high water mark,
 * and one read may come on top of it.
 */
public final class Buffering {
  /**
   * Grows to this with the stream and shrinks again with it. A result that is read in large pieces
   * wakes the client less often: 256 KiB cost 570 to 650 ms of CPU time a GB where 64 KiB, Netty's
   * default, cost 820 to 950.
   *
   * <p>Never less than what a client sends of its handshake at once, with its certificate.
   */
  public static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(4096, 4096, 256 * 1024);

  /** Where the other leg is no longer read, and where it is read again. */
  public static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private Buffering() {}
}
