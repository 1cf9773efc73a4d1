package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.codec.PacketDecoder;
import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.codec.SequenceIds;
import io.mysqltlsproxy.codec.WipedBuffers;
import io.mysqltlsproxy.tls.AlertWatch;
import io.mysqltlsproxy.tls.RecordWiper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One side of a connection: its channel, its sequence ids and its pipeline, which nobody else
 * edits. Where traffic is measured, a meter comes first, and a stopwatch on both sides of TLS;
 * while the proxy drains, a {@link Departure} comes before all.
 *
 * <pre>
 * handshake: lingering alerts wiper tls packets end
 * login:     [filter] [wiper tls] packets phase end
 * commands:  [tls] [filter] phase end
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class Leg {
  /** The longest packet before the end of a login, in bytes: connection attributes reach 64 KiB. */
  static final int MAX_PACKET_LENGTH = 128 * 1024;

  private static final String TLS = "tls";
  private static final String WIPER = "wiper";
  private static final String FILTER = "filter";
  private static final String PHASE = "phase";
  private static final String END = "end";

  /** How long a peer is left to read the last that it is sent. */
  static final int LINGER_SECONDS = 2;

  /** As long as mysqld waits for a client that does not read: its net_write_timeout. */
  static final int FLUSH_SECONDS = 60;

  private final Channel channel;
  private final Optional<TrafficEvents> traffic;
  private final Optional<SocketMeter> meter;
  private final SequenceIds ids = new SequenceIds();

  /**
   * A leg over a fresh channel that does not read by itself.
   *
   * @param end learns of the channel's end and of failures
   * @param traffic learns what crosses the channel
   */
  Leg(Channel channel, EndHandler end, Optional<TrafficEvents> traffic) {
    this.channel = channel;
    this.traffic = traffic;
    this.meter = traffic.map(events -> new SocketMeter(end.side(), events));
    meter.ifPresent(channel.pipeline()::addLast);
    channel.pipeline().addLast(END, end);
  }

  Channel channel() {
    return channel;
  }

  /** What counts the bytes, where they are counted. */
  Optional<SocketMeter> meter() {
    return meter;
  }

  ByteBufAllocator allocator() {
    return channel.alloc();
  }

  /** Cuts packets and gives them to the receiver, one for each {@link #request}. */
  void receive(PacketHandler.Receiver receiver) {
    receive(receiver, Unpooled.EMPTY_BUFFER);
  }

  /**
   * The same, for a leg that was relaying.
   *
   * @param received bytes that have come and that nobody has used; taken over
   */
  void receive(PacketHandler.Receiver receiver, ByteBuf received) {
    channel.config().setAutoRead(false);
    meter.ifPresent(SocketMeter::loginBegins);
    removePhase();
    wipe(true);
    if (channel.pipeline().get(PacketDecoder.class) == null) {
      channel.pipeline().addBefore(END, null, new PacketDecoder(ids, MAX_PACKET_LENGTH, received));
    } else if (received.isReadable()) {
      throw new IllegalStateException("bytes have come past the packet decoder");
    }
    channel.pipeline().addBefore(END, PHASE, new PacketHandler(receiver));
  }

  /** Whether a part of a packet has come, and the rest not yet. */
  boolean isInPacket() {
    PacketDecoder packets = channel.pipeline().get(PacketDecoder.class);
    return packets != null && packets.isInPacket();
  }

  /** Whether something is queued for the peer; for any thread. */
  boolean isSending() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue != null && queue.totalPendingWriteBytes() > 0;
  }

  /** Asks for one packet. */
  void request() {
    channel.pipeline().get(PacketDecoder.class).request();
  }

  /** Sends one packet under the next sequence id; takes over the payload's reference. */
  void send(ByteBuf payload) {
    channel.writeAndFlush(
        PacketHeader.frame(payload, ids.take(), channel.alloc()), channel.voidPromise());
  }

  /** The same, for a payload that may hold a password: no copy of it is left behind. */
  void sendAndWipe(ByteBuf payload) {
    ByteBuf packet = PacketHeader.frame(payload.retain(), ids.take(), channel.alloc());
    WipedBuffers.wipeAll(payload);
    channel.writeAndFlush(packet.retain()).addListener(written -> WipedBuffers.wipeAll(packet));
  }

  /** No copy is left behind of a packet that has come, and may hold a password. */
  void wipeRecordOf(ByteBuf payload) {
    if (channel.pipeline().get(TLS) != null) {
      RecordWiper.overwriteRecordsOf(PacketHeader.LENGTH + payload.readableBytes());
    }
  }

  /** Whether what TLS leaves behind of each record is overwritten, which takes its time. */
  private void wipe(boolean wanted) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(WIPER) != null && !wanted) {
      pipeline.remove(WIPER);
    } else if (pipeline.get(WIPER) == null
        && wanted
        && pipeline.get(TLS) instanceof SslHandler tls) {
      pipeline.addBefore(TLS, WIPER, new RecordWiper(tls.handshakeFuture()));
    }
  }

  /** The next packet on this leg will have this sequence id. */
  void restartSequence(int id) {
    ids.restartAt(id);
  }

  /**
   * Puts TLS in front. Everything that has come behind the last packet goes to it, never to a
   * packet decoder. A client whose handshake fails is left the time to read the alert.
   *
   * @param alerts sees what comes until the handshake has succeeded
   * @param delaysRefusal counts a refused certificate, and says whether the peer is to wait for the
   *     alert
   */
  void startTls(SslHandler handler, AlertWatch alerts, BooleanSupplier delaysRefusal) {
    ChannelPipeline pipeline = channel.pipeline();
    ChannelHandlerContext plain = pipeline.context(PacketDecoder.class);
    pipeline.addAfter(plain.name(), TLS, handler);
    LingeringClose lingering = new LingeringClose(handler.handshakeFuture(), delaysRefusal);
    pipeline.addBefore(TLS, null, lingering);
    pipeline.addBefore(TLS, null, alerts);
    wipe(true);
    handler
        .handshakeFuture()
        .addListener(
            handshake -> {
              if (handshake.isSuccess()) {
                pipeline.remove(lingering);
                pipeline.remove(alerts);
              }
            });
    pipeline.addAfter(TLS, null, new PacketDecoder(ids, MAX_PACKET_LENGTH));
    traffic.ifPresent(events -> new TlsStopwatch(events).addAround(pipeline, TLS));
    removePhase();
    pipeline.remove(plain.handler());
    channel.read();
  }

  /** Cuts no more packets: from now on bytes go to the relay as they come. */
  void relay(ChannelHandler relay) {
    channel.config().setAutoRead(true);
    meter.ifPresent(SocketMeter::relayBegins);
    pass(relay);
  }

  /** Puts a handler before the relay, for what has not come yet; where there is one, it stays. */
  void filter(ChannelHandler filter) {
    if (channel.pipeline().get(FILTER) == null) {
      channel.pipeline().addBefore(PHASE, FILTER, filter);
    }
  }

  /** Puts a handler next to the socket, for what passes in whatever phase. */
  void watch(ChannelHandler watcher) {
    if (channel.isActive()) {
      channel.pipeline().addFirst(watcher);
    }
  }

  /** Reads what comes before the first packet; packets are kept until they are asked for. */
  void begin(ChannelHandler reader) {
    channel.pipeline().addBefore(END, FILTER, reader);
    channel.pipeline().addBefore(END, null, new PacketDecoder(ids, MAX_PACKET_LENGTH));
    channel.read();
  }

  /** Sends a PROXY header, which comes before everything else; takes over its reference. */
  void announce(ByteBuf header) {
    channel.writeAndFlush(header, channel.voidPromise());
  }

  /** Sends what is still queued, then closes; a peer that does not take it is not waited for. */
  void flushAndClose() {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    closeAfter(FLUSH_SECONDS);
  }

  /** Closes at the latest after so many seconds. */
  void closeAfter(int seconds) {
    Future<?> timer =
        channel.eventLoop().schedule((Runnable) channel::close, seconds, TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }

  void close() {
    channel.close();
  }

  /** Sends one last packet and closes once the peer has had the time to read it. */
  void sendAndClose(ByteBuf payload) {
    LastWords listening = new LastWords(LINGER_SECONDS);
    pass(listening);
    send(payload);
    listening.speak(channel);
  }

  /**
   * Sends what is still queued, and closes once the peer has had the time to read it. A peer that
   * goes on sending, as one does that has yet to learn of an error, is listened to for longer.
   */
  void finish() {
    LastWords listening = new LastWords(FLUSH_SECONDS);
    pass(listening);
    listening.speak(channel);
  }

  /** Lets bytes through to the handler as they come, those first that a packet decoder holds. */
  private void pass(ChannelHandler handler) {
    removePhase();
    wipe(false);
    channel.pipeline().addBefore(END, PHASE, handler);
    if (channel.pipeline().get(PacketDecoder.class) != null) {
      channel.pipeline().remove(PacketDecoder.class);
    }
  }

  private void removePhase() {
    if (channel.pipeline().get(PHASE) != null) {
      channel.pipeline().remove(PHASE);
    }
  }
}
