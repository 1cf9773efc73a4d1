package io.mysqltlsproxy.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A TCP connection in memory, whose buffers are counted to the byte. */
final class MemoryChannel extends EmbeddedChannel implements DuplexChannel {
  private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true, true);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final @Nullable EmbeddedChannel clock;
  private boolean outputShutdown;

  /**
   * An open one.
   *
   * @param clock has the event loop of all channels of a connection; it is never closed, since that
   *     would cancel what is scheduled
   */
  MemoryChannel(EmbeddedChannel clock) {
    this.clock = clock;
    config().setAllocator(buffers);
    config().setAutoRead(false);
  }

  /** Bytes arrive; nothing happens where the channel is closed. */
  void arrive(byte[] bytes) {
    if (isOpen()) {
      writeInbound(alloc().buffer(Math.max(1, bytes.length)).writeBytes(bytes));
    }
  }

  /** What has been written since the last time. */
  byte[] written() {
    byte[] all = written.toByteArray();
    written.reset();
    return all;
  }

  /** As a socket does, takes a copy: the buffer may be wiped next. */
  @Override
  protected void handleOutboundMessage(Object message) {
    ByteBuf part = (ByteBuf) message;
    written.writeBytes(ByteBufUtil.getBytes(part));
    part.release();
  }

  /** How many bytes of its buffers have not been released. */
  long heldBytes() {
    return buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory();
  }

  /** While it is made, its own. */
  @Override
  public EventLoop eventLoop() {
    return clock == null ? super.eventLoop() : clock.eventLoop();
  }

  @Override
  protected SocketAddress localAddress0() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 3306);
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShutdown;
  }

  @Override
  public ChannelFuture shutdownOutput() {
    return shutdownOutput(newPromise());
  }

  @Override
  public ChannelFuture shutdownOutput(ChannelPromise promise) {
    outputShutdown = true;
    return promise.setSuccess();
  }

  @Override
  public boolean isInputShutdown() {
    return false;
  }

  @Override
  public ChannelFuture shutdownInput() {
    throw new UnsupportedOperationException("nobody needs it");
  }

  @Override
  public ChannelFuture shutdownInput(ChannelPromise promise) {
    return shutdownInput();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public ChannelFuture shutdown() {
    return shutdownInput();
  }

  @Override
  public ChannelFuture shutdown(ChannelPromise promise) {
    return shutdownInput();
  }
}
