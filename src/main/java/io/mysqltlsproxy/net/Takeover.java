package io.mysqltlsproxy.net;

import io.mysqltlsproxy.text.IpText;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A predecessor's listening socket, which it offers by {@link Handover}. Until {@link #complete}
 * the predecessor goes on as before, and should this process fail, it has lost nothing.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
public final class Takeover implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("run");
  private static final int TIMEOUT_SECONDS = 10;

  private final EventLoopGroup group;
  private final Channel predecessor;
  private final int pid;
  private final EpollServerSocketChannel listener;

  private Takeover(EventLoopGroup group, Offer offer, EpollServerSocketChannel listener) {
    this.group = group;
    this.predecessor = offer.predecessor;
    this.pid = offer.pid;
    this.listener = listener;
  }

  /** A socket that was offered, and by whom. */
  private record Offer(Channel predecessor, int pid, FileDescriptor socket) {}

  /**
   * Asks for the socket that listens at this address; blocks for ten seconds at most.
   *
   * @return empty where no process of this user offers one
   */
  public static Optional<Takeover> from(InetSocketAddress address) {
    return from(address, pid -> true);
  }

  /** Another socket of the same predecessor: never that of a third process. */
  public Optional<Takeover> another(InetSocketAddress address) {
    return from(address, itsPid -> itsPid == pid);
  }

  private static Optional<Takeover> from(InetSocketAddress address, IntPredicate wanted) {
    if (Transports.best() != Transports.EPOLL || address.getPort() == 0) {
      return Optional.empty();
    }
    EventLoopGroup group = Transports.EPOLL.newGroup(1);
    CompletableFuture<Offer> received = new CompletableFuture<>();
    Channel predecessor =
        new Bootstrap()
            .group(group)
            .channel(EpollDomainSocketChannel.class)
            .option(
                EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
            .handler(new Receiver(received, wanted))
            .connect(Handover.place(address))
            .awaitUninterruptibly()
            .channel();
    Optional<Takeover> taken =
        await(received, address)
            .flatMap(
                offer ->
                    listener(offer.socket, address)
                        .map(listener -> new Takeover(group, offer, listener)));
    if (taken.isEmpty()) {
      predecessor.close();
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
    return taken;
  }

  private static Optional<Offer> await(
      CompletableFuture<Offer> received, InetSocketAddress address) {
    try {
      return Optional.of(received.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      log.debug("nothing to take over at {}", IpText.withPort(address), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!received.cancel(false) && !received.isCompletedExceptionally()) {
      close(received.join().socket);
    }
    return Optional.empty();
  }

  /** Empty, and the socket closed, where it is not the one that was asked for. */
  private static Optional<EpollServerSocketChannel> listener(
      FileDescriptor socket, InetSocketAddress address) {
    EpollServerSocketChannel listener;
    try {
      listener = new EpollServerSocketChannel(socket.intValue());
    } catch (ChannelException notASocket) {
      log.warn("not taken over: {}", notASocket.toString());
      close(socket);
      return Optional.empty();
    }
    if (IpText.withPort(listener.localAddress()).equals(IpText.withPort(address))) {
      return Optional.of(listener);
    }
    log.warn("not taken over: the socket is not that of {}", IpText.withPort(address));
    listener.unsafe().closeForcibly();
    return Optional.empty();
  }

  private static void close(FileDescriptor socket) {
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("cannot close a socket that was offered", e);
    }
  }

  /** The listening socket, as a channel that has yet to be registered. */
  public ServerChannel listener() {
    return listener;
  }

  /** Tells the predecessor that this process is ready, and waits until its offer is withdrawn. */
  public void complete() {
    predecessor.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
    if (!predecessor.closeFuture().awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      log.warn("the predecessor does not answer; it may go on accepting clients");
    }
    close();
  }

  @Override
  public void close() {
    predecessor.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Takes the descriptor from a process of the same user. */
  private static final class Receiver extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Offer> received;
    private final IntPredicate wanted;
    private int pid;

    Receiver(CompletableFuture<Offer> received, IntPredicate wanted) {
      this.received = received;
      this.wanted = wanted;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws IOException {
      PeerCredentials peer = ((EpollDomainSocketChannel) ctx.channel()).peerCredentials();
      pid = peer.pid();
      if (!Handover.isOwn(peer) || !wanted.test(pid)) {
        ctx.close();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
      FileDescriptor socket = (FileDescriptor) message;
      if (!ctx.channel().isActive() || !received.complete(new Offer(ctx.channel(), pid, socket))) {
        socket.close();
      }
    }

    /** Also where nobody listens. */
    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
      received.completeExceptionally(new IOException("no predecessor"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
