package io.mysqltlsproxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.BitSet;

/**
 * Before the TLS handler while passwords may come: when a record has been decrypted and its content
 * passed on, overwrites the copies that are left of it.
 *
 * <p>BoringSSL decrypts a record in a block of the C library's, and frees that as it is ("doesn't
 * contain any sensitive data", says {@code EnsureCap}). The library keeps it for the next request
 * for as many bytes by the same thread. So that many are requested here, and overwritten. The JDK's
 * engine decrypts in the buffer that the record came in.
 *
 * <p>Records of the handshake hold no password, and stay as they are.
 *
 * <p>Layout of a record: content type 1; version 2; length 2.
 *
 * @see <a
 *     href="https://boringssl.googlesource.com/boringssl/+/refs/heads/main/ssl/ssl_buffer.cc">BoringSSL:
 *     SSLBuffer</a>
 */
public final class RecordWiper extends ChannelInboundHandlerAdapter {
  private static final int HEADER_LENGTH = 5;

  /** What BoringSSL adds to a record's length, for its header and to align it, in bytes. */
  private static final int OVERHEAD = HEADER_LENGTH + 7;

  /** What the C library adds to a request, and the steps in which it rounds that up, in bytes. */
  private static final int CHUNK_HEADER = 8;

  private static final int STEP = 16;

  /** What a cipher adds to the content at most, with padding and hash, in bytes. */
  private static final int MAX_EXPANSION = 80;

  /** How many freed blocks of one size glibc keeps for a thread at most is 7. */
  private static final int BLOCKS = 8;

  private final Future<?> handshake;
  private final BitSet chunks = new BitSet();
  private int known;
  private int length;
  private int skipping;

  /**
   * For one channel.
   *
   * @param handshake done before the first record that is overwritten
   */
  public RecordWiper(Future<?> handshake) {
    this.handshake = handshake;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf data = (ByteBuf) message;
    int start = data.readerIndex();
    follow(data);
    data.retain();
    try {
      ctx.fireChannelRead(message);
    } finally {
      // A record of which there is more to come may stay in it, and goes on behind the index.
      data.setZero(start, Math.max(0, data.readerIndex() - start));
      data.release();
      if (handshake.isDone()) {
        overwriteRecords();
      }
      chunks.clear();
    }
  }

  private void overwriteRecords() {
    for (int chunk = chunks.nextSetBit(0); chunk >= 0; chunk = chunks.nextSetBit(chunk + 1)) {
      overwrite(chunk);
    }
  }

  /** Takes down how large a chunk each record needed that ends in the data. */
  private void follow(ByteBuf data) {
    int end = data.writerIndex();
    for (int at = data.readerIndex(); at < end; ) {
      if (skipping > 0) {
        int skipped = Math.min(skipping, end - at);
        skipping -= skipped;
        at += skipped;
      } else {
        length = length << 8 | data.getUnsignedByte(at++);
        if (++known == HEADER_LENGTH) {
          known = 0;
          skipping = length & 0xFFFF;
        }
      }
      if (skipping == 0 && known == 0) {
        chunks.set(chunk(length & 0xFFFF));
      }
    }
  }

  /**
   * Overwrites what is left of records that came while this was not there.
   *
   * @param content how many bytes were in one of them
   */
  public static void overwriteRecordsOf(int content) {
    for (int chunk = chunk(content); chunk <= chunk(content + MAX_EXPANSION); chunk++) {
      overwrite(chunk);
    }
  }

  /** The size of the C library's chunk for a record, in its steps. */
  private static int chunk(int recordLength) {
    return (recordLength + OVERHEAD + CHUNK_HEADER + STEP - 1) / STEP;
  }

  /** All that is freed by now of the chunks of this size, in steps. */
  private static void overwrite(int chunk) {
    ByteBuf[] blocks = new ByteBuf[BLOCKS];
    int size = chunk * STEP - CHUNK_HEADER;
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = UnpooledByteBufAllocator.DEFAULT.directBuffer(size).setZero(0, size);
    }
    for (ByteBuf block : blocks) {
      block.release();
    }
  }
}
