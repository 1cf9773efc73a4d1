package io.mysqltlsproxy.net;

import io.mysqltlsproxy.option.ProcessUser;
import io.mysqltlsproxy.text.IpText;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a listening socket to a successor: {@link Takeover}. Both processes then accept from the
 * kernel's one queue, so that no client is lost or refused, until the successor says that it is
 * ready.
 *
 * <p>The place of the offer is an abstract Unix socket, unix(7), named after the address. Such
 * names belong to a network namespace, as ports do, and vanish with the process. Only a process of
 * the same user gets the socket.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
public final class Handover implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("run");

  private final AtomicReference<@Nullable Channel> successor = new AtomicReference<>();
  private @Nullable Channel offer;

  private Handover() {}

  /** Where the socket that listens at this address is offered. */
  static DomainSocketAddress place(InetSocketAddress listening) {
    return new DomainSocketAddress("\0mysql-tls-proxy/" + IpText.withPort(listening));
  }

  /** Whether the process at the other end runs as the same user. */
  static boolean isOwn(PeerCredentials peer) {
    return ProcessUser.isOwn(peer.uid());
  }

  /**
   * Offers the socket from now on; where the transport cannot pass one on, there is no offer.
   *
   * @param taken gets the process id of a successor that is ready, once, on the listener's event
   *     loop; it waits until this is closed
   */
  public static Handover of(Channel listener, IntConsumer taken) {
    Handover handover = new Handover();
    if (listener instanceof EpollServerSocketChannel socket) {
      handover.offer(socket, taken);
    }
    return handover;
  }

  private void offer(EpollServerSocketChannel socket, IntConsumer taken) {
    ChannelFuture offered =
        new ServerBootstrap()
            .group(socket.eventLoop())
            .channel(EpollServerDomainSocketChannel.class)
            .childHandler(
                new ChannelInitializer<EpollDomainSocketChannel>() {
                  @Override
                  protected void initChannel(EpollDomainSocketChannel asking) throws IOException {
                    PeerCredentials peer = asking.peerCredentials();
                    if (isOwn(peer) && isNext(asking)) {
                      asking.pipeline().addLast(new Successor(socket, peer.pid(), taken));
                    } else {
                      asking.close();
                    }
                  }
                })
            .bind(place(socket.localAddress()))
            .awaitUninterruptibly();
    if (!offered.isSuccess()) {
      log.warn(
          "no successor can take over {}: {}",
          IpText.withPort(socket.localAddress()),
          offered.cause().getMessage());
      return;
    }
    offer = offered.channel();
  }

  /** Only one can follow; should it fail before it is ready, the next may ask. */
  private boolean isNext(Channel asking) {
    if (!successor.compareAndSet(null, asking)) {
      return false;
    }
    asking.closeFuture().addListener(closed -> successor.compareAndSet(asking, null));
    return true;
  }

  /** Gives a successor the socket, and waits until that is ready. */
  private static final class Successor extends ChannelInboundHandlerAdapter {
    private final EpollServerSocketChannel listener;
    private final int pid;
    private final IntConsumer taken;
    private boolean ready;

    Successor(EpollServerSocketChannel listener, int pid, IntConsumer taken) {
      this.listener = listener;
      this.pid = pid;
      this.taken = taken;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(listener.fd());
    }

    /** One byte: it is ready. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      if (!ready) {
        ready = true;
        taken.accept(pid);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** Withdraws the offer; then the successor hears that the name is free for one of its own. */
  @Override
  public void close() {
    if (offer != null) {
      offer
          .close()
          .addListener(
              closed -> {
                Channel waiting = successor.get();
                if (waiting != null) {
                  waiting.close();
                }
              });
    }
  }
}
