package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.TrafficEvents.TlsWork;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * How long TLS works: a handler on each side of the TLS handler sees the calls that go in, which
 * start the watch, and those that come out of it again, which stop it for as long as they last. All
 * of a handshake is timed; of what comes after it, a {@link Sampling} that stands for all.
 */
final class TlsStopwatch {
  private final TrafficEvents events;
  private boolean handshake = true;
  private @Nullable TlsWork running;
  private long since;

  TlsStopwatch(TrafficEvents events) {
    this.events = events;
  }

  /** Sits down on both sides of a TLS handler that has not begun. */
  void addAround(ChannelPipeline pipeline, String tls) {
    pipeline.addBefore(tls, null, new Outer());
    pipeline.addAfter(tls, null, new Inner());
  }

  private boolean isTimed() {
    return handshake || Sampling.chosen();
  }

  /** Ends what runs and lets the other run; null for none. Returns what ran. */
  private @Nullable TlsWork change(@Nullable TlsWork next) {
    long now = System.nanoTime();
    TlsWork before = running;
    if (before != null) {
      events.worked(before, (now - since) * (before == TlsWork.HANDSHAKE ? 1 : Sampling.ONE_IN));
    }
    running = next;
    since = now;
    return before;
  }

  private TlsWork unlessHandshake(TlsWork work) {
    return handshake ? TlsWork.HANDSHAKE : work;
  }

  /** Between the socket and TLS. */
  private final class Outer extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (!isTimed()) {
        ctx.fireChannelRead(message);
        return;
      }
      TlsWork before = change(unlessHandshake(TlsWork.DECRYPT));
      try {
        ctx.fireChannelRead(message);
      } finally {
        change(before);
      }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      if (running == null) {
        ctx.flush();
        return;
      }
      TlsWork before = change(null);
      try {
        ctx.flush();
      } finally {
        change(before);
      }
    }
  }

  /** Between TLS and the packets. */
  private final class Inner extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (running == null) {
        ctx.fireChannelRead(message);
        return;
      }
      TlsWork before = change(null);
      try {
        ctx.fireChannelRead(message);
      } finally {
        change(before);
      }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      if (!isTimed()) {
        ctx.flush();
        return;
      }
      TlsWork before = change(unlessHandshake(TlsWork.ENCRYPT));
      try {
        ctx.flush();
      } finally {
        change(before);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent) {
        handshake = false;
      }
      ctx.fireUserEventTriggered(event);
    }
  }
}
