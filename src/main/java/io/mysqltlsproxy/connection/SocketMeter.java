package io.mysqltlsproxy.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.AtomicLong;

/** Next to the socket: counts the bytes each way, and measures how long they stay in the proxy. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class SocketMeter extends ChannelDuplexHandler {
  private final Side side;
  private final TrafficEvents events;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private boolean relaying;
  private boolean reading;
  private boolean timed;
  private long readAt;

  SocketMeter(Side side, TrafficEvents events) {
    this.side = side;
    this.events = events;
  }

  /** From now on, what is read goes on to the other side as it comes. */
  void relayBegins() {
    relaying = true;
  }

  /** From now on, packets are looked into. */
  void loginBegins() {
    relaying = false;
    timed = false;
  }

  /** Bytes read so far; for any thread. */
  long received() {
    return received.get();
  }

  /** Bytes written so far; for any thread. */
  long sent() {
    return sent.get();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf data) {
      int bytes = data.readableBytes();
      received.lazySet(received.get() + bytes);
      events.received(side, bytes);
    }
    if (!reading) {
      reading = true;
      timed = relaying && Sampling.chosen();
      readAt = timed ? System.nanoTime() : 0;
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    reading = false;
    if (timed) {
      timed = false;
      events.relayed(side, System.nanoTime() - readAt);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf data && ctx.channel().isActive()) {
      int bytes = data.readableBytes();
      sent.lazySet(sent.get() + bytes);
      events.sent(side, bytes);
    }
    ctx.write(message, promise);
  }
}
