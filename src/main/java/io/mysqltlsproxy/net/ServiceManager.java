package io.mysqltlsproxy.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd what the program is doing, where systemd has started it and wants to know.
 *
 * @see <a
 *     href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify(3)</a>
 */
@SuppressWarnings("FutureReturnValueIgnored") // a datagram that is lost has no cure
public final class ServiceManager implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("run");
  private static final int SECONDS = 1;

  private final @Nullable EventLoopGroup group;
  private final @Nullable Channel channel;

  private ServiceManager(@Nullable EventLoopGroup group, @Nullable Channel channel) {
    this.group = group;
    this.channel = channel;
  }

  /**
   * Connects.
   *
   * @param socket the value of NOTIFY_SOCKET, an absolute path, or an abstract name after an @;
   *     null where nobody wants to know
   */
  public static ServiceManager at(@Nullable String socket) {
    if (socket == null || socket.isEmpty() || Transports.best() != Transports.EPOLL) {
      return new ServiceManager(null, null);
    }
    String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
    EventLoopGroup group =
        Transports.EPOLL.newGroup(1, new DefaultThreadFactory("service-manager", true));
    ChannelFuture connected =
        new Bootstrap()
            .group(group)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new DomainSocketAddress(path))
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      log.warn("cannot notify the service manager at {}: {}", socket, connected.cause().toString());
    }
    return new ServiceManager(group, connected.channel());
  }

  /** Clients can connect, or a reload is over. */
  public void ready() {
    tell("READY=1");
  }

  /** The files are read again. On Linux, {@link System#nanoTime} is CLOCK_MONOTONIC. */
  public void reloading() {
    tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
  }

  public void stopping() {
    tell("STOPPING=1");
  }

  /**
   * From now on another process is the service.
   *
   * @param pid its number; 0 where it cannot be seen from here, as in another PID namespace
   */
  public void handedOver(int pid) {
    if (pid > 0) {
      tell("MAINPID=" + pid);
    }
  }

  private void tell(String state) {
    if (channel != null) {
      channel
          .writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8))
          .awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    if (group != null) {
      group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS);
    }
  }
}
