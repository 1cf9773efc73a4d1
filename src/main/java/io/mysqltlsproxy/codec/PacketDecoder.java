package io.mysqltlsproxy.codec;

import static java.util.Objects.requireNonNull;

import io.mysqltlsproxy.codec.PacketFormatException.Problem;
import io.mysqltlsproxy.protocol.ForeignClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one packet at a time, each only when it was asked for, and passes on its payload. Sequence
 * ids are checked, lengths are bounded. Bytes that nobody has asked for yet are kept; when the
 * decoder is removed they go to the next handler as they are.
 *
 * <p>The channel must not read by itself ({@code autoRead} off): then little more than a packet is
 * ever held: one read, and at the peer's end what its last segments brought.
 */
public final class PacketDecoder extends ChannelInboundHandlerAdapter {
  /** The sequence id of a client's first packet, which follows the greeting. */
  private static final int FIRST_OF_CLIENT = 1;

  private final SequenceIds ids;
  private final int limit;
  private ByteBuf received;
  private boolean wanted;
  private @Nullable ChannelHandlerContext context;

  /**
   * A decoder for one leg.
   *
   * @param limit the longest payload to take, in bytes; below {@link PacketHeader#MAX_PAYLOAD}
   */
  public PacketDecoder(SequenceIds ids, int limit) {
    this(ids, limit, Unpooled.EMPTY_BUFFER);
  }

  /** A decoder that begins with bytes which were received before it was there. */
  public PacketDecoder(SequenceIds ids, int limit, ByteBuf received) {
    this.ids = ids;
    this.limit = limit;
    this.received = received;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** Asks for the next packet, which may be passed on before this returns. */
  public void request() {
    ChannelHandlerContext ctx = requireNonNull(context, "not in a pipeline");
    wanted = true;
    if (!deliver(ctx)) {
      ctx.read();
    }
  }

  /** Whether a part of a packet has come. */
  public boolean isInPacket() {
    return received.isReadable();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    received = WipedBuffers.join(ctx.alloc(), received, (ByteBuf) message);
    deliver(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (wanted) {
      ctx.read();
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    wanted = false;
    ByteBuf rest = received;
    received = Unpooled.EMPTY_BUFFER;
    if (rest.isReadable() && ctx.channel().isActive()) {
      ctx.fireChannelRead(rest);
      ctx.fireChannelReadComplete();
    } else {
      WipedBuffers.wipe(rest);
    }
  }

  /** Passes on one packet where it is wanted and whole; false where more bytes are needed. */
  private boolean deliver(ChannelHandlerContext ctx) {
    if (!wanted || received.readableBytes() < PacketHeader.LENGTH) {
      return !wanted;
    }
    int start = received.readerIndex();
    int length = received.getUnsignedMediumLE(start);
    int sequenceId = received.getUnsignedByte(start + 3);
    if (isTls(received, start)) {
      fail(ctx, Problem.TLS, "a TLS record in place of a packet");
      return true;
    }
    if (isProxyHeader(received.getInt(start))) {
      fail(ctx, Problem.PROXY_HEADER, "a PROXY header in place of a packet");
      return true;
    }
    Optional<String> foreign =
        ids.peek() == FIRST_OF_CLIENT ? ForeignClient.of(received.getInt(start)) : Optional.empty();
    if (foreign.isPresent()) {
      fail(ctx, Problem.FOREIGN, foreign.get());
      return true;
    }
    if (sequenceId != ids.peek()) {
      fail(ctx, Problem.OUT_OF_ORDER, "sequence id " + sequenceId + " instead of " + ids.peek());
      return true;
    }
    if (length > limit) {
      ids.take();
      fail(ctx, Problem.TOO_LARGE, "a packet of " + length + " bytes; at most " + limit);
      return true;
    }
    if (received.readableBytes() < PacketHeader.LENGTH + length) {
      return false;
    }
    wanted = false;
    ids.take();
    received.skipBytes(PacketHeader.LENGTH);
    ByteBuf payload = received.readRetainedSlice(length);
    if (!received.isReadable()) {
      received.release();
      received = Unpooled.EMPTY_BUFFER;
    }
    ctx.fireChannelRead(payload);
    return true;
  }

  private void fail(ChannelHandlerContext ctx, Problem problem, String message) {
    wanted = false;
    ctx.fireExceptionCaught(new PacketFormatException(problem, message));
  }

  /** {@code PROX} of version 1, or CR LF CR LF of version 2. */
  private static boolean isProxyHeader(int firstBytes) {
    return firstBytes == 0x50524F58 || firstBytes == 0x0D0A0D0A;
  }

  /**
   * Whether this is a TLS record of a handshake, 0x16, 0x03 and 0x01 to 0x04. It must be told
   * before the rest of the header is looked at: a ClientHello of 256 to 511 bytes reads as the
   * first packet of a client, with 66,326 bytes that never come.
   */
  private static boolean isTls(ByteBuf data, int start) {
    int minor = data.getByte(start + 2);
    return data.getShort(start) == 0x1603 && minor >= 1 && minor <= 4;
  }
}
