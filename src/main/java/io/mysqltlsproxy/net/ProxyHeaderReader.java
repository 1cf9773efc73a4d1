package io.mysqltlsproxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes a PROXY header off the front of what a balancer sends, and itself out behind it. Bytes that
 * cannot begin a header pass as they are, unless there has to be one.
 */
public final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
  private static final byte[] V1 = {'P', 'R', 'O', 'X', 'Y', ' '};

  /** The longest additions to a header of version 2, in bytes: a balancer's names and checksums. */
  private static final int MAX_ADDITIONS_LENGTH = 1024;

  private final boolean required;
  private final Consumer<Optional<ProxyHeader>> announced;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;

  /**
   * A reader for the first bytes of a connection.
   *
   * @param required whether there has to be a header
   * @param announced gets what it says; nothing where that is the balancer's own address
   */
  public ProxyHeaderReader(boolean required, Consumer<Optional<ProxyHeader>> announced) {
    this.required = required;
    this.announced = announced;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof HAProxyMessage header) {
      take(ctx, header);
      return;
    }
    held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, (ByteBuf) message);
    if (!begins(V1) && !begins(ProxyHeader.SIGNATURE)) {
      if (required) {
        throw new HAProxyProtocolException("there is none before the first packet");
      }
      ctx.pipeline().remove(this);
    } else if (held.readableBytes() >= (begins(V1) ? V1.length : ProxyHeader.SIGNATURE.length)) {
      decode(ctx);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Nobody else may want to read yet.
    ctx.read();
    ctx.fireChannelReadComplete();
  }

  /** The library's decoder takes itself out behind the header, and passes the rest on. */
  private void decode(ChannelHandlerContext ctx) throws Exception {
    HAProxyMessageDecoder decoder = new HAProxyMessageDecoder(MAX_ADDITIONS_LENGTH);
    ctx.pipeline().addBefore(ctx.name(), null, decoder);
    ByteBuf begun = held;
    held = Unpooled.EMPTY_BUFFER;
    try {
      decoder.channelRead(ctx.pipeline().context(decoder), begun);
    } catch (DecoderException e) {
      throw explained(e);
    }
  }

  /** What the library's decoder says of the rest of a header that it has only begun to read. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.fireExceptionCaught(cause instanceof DecoderException e ? explained(e) : cause);
  }

  /** The library tells in words of its own code what is wrong with some headers. */
  private static HAProxyProtocolException explained(DecoderException cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage());
    String problem = message;
    if (root instanceof IndexOutOfBoundsException) {
      problem = "a length in it runs past its end";
    } else if (message.startsWith("No enum constant")) {
      problem = "unknown protocol";
    }
    return new HAProxyProtocolException(problem, cause);
  }

  private void take(ChannelHandlerContext ctx, HAProxyMessage header) {
    try {
      ctx.pipeline().remove(this);
      announced.accept(ProxyHeader.of(header));
    } finally {
      header.release();
    }
  }

  private boolean begins(byte[] prefix) {
    int length = Math.min(prefix.length, held.readableBytes());
    for (int i = 0; i < length; i++) {
      if (held.getByte(held.readerIndex() + i) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ByteBuf rest = held;
    held = Unpooled.EMPTY_BUFFER;
    if (rest.isReadable() && ctx.channel().isActive()) {
      ctx.fireChannelRead(rest);
    } else {
      rest.release();
    }
  }
}
