package io.mysqltlsproxy.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/** The kinds of channel: Linux's epoll where there is the native library, Java's NIO elsewhere. */
public enum Transports {
  EPOLL(EpollSocketChannel.class, EpollDomainSocketChannel.class),
  NIO(NioSocketChannel.class, NioDomainSocketChannel.class);

  private static final int KEEPALIVE_SECONDS = 10;
  private static final int KEEPALIVE_PROBES = 6;

  private final Class<? extends Channel> tcp;
  private final Class<? extends Channel> unix;

  Transports(Class<? extends Channel> tcp, Class<? extends Channel> unix) {
    this.tcp = tcp;
    this.unix = unix;
  }

  public static Transports best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** A group of this many threads. */
  public EventLoopGroup newGroup(int threads) {
    return newGroup(threads, new DefaultThreadFactory("mysql-tls-proxy"));
  }

  public EventLoopGroup newGroup(int threads, ThreadFactory factory) {
    IoHandlerFactory io = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(threads, factory, io);
  }

  /**
   * Makes the channels that listen at an address. One for an IPv4 address takes IPv4 clients only,
   * {@code 0.0.0.0} included, as mysqld's does; one for {@code ::} takes both.
   */
  public ChannelFactory<ServerChannel> listener(InetSocketAddress address) {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    return this == EPOLL
        ? () -> new EpollServerSocketChannel(family)
        : () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
  }

  /** Makes the channels that listen at a Unix socket. */
  public ChannelFactory<ServerChannel> unixListener() {
    return this == EPOLL ? EpollServerDomainSocketChannel::new : NioServerDomainSocketChannel::new;
  }

  /** Whether it can be told who has connected to a Unix socket. */
  public boolean knowsUnixPeers() {
    return this == EPOLL;
  }

  public Class<? extends Channel> tcp() {
    return tcp;
  }

  public Class<? extends Channel> unix() {
    return unix;
  }

  /**
   * Has the kernel ask the peer's every few seconds whether it knows the connection. One that was
   * lost on the way, as happens when a listener's queue is full, is closed then.
   */
  public static void askWhetherAlive(Channel channel) {
    if (channel instanceof EpollSocketChannel tcp && tcp.isOpen()) {
      tcp.config()
          .setTcpKeepIdle(KEEPALIVE_SECONDS)
          .setTcpKeepIntvl(KEEPALIVE_SECONDS)
          .setTcpKeepCnt(KEEPALIVE_PROBES);
    }
  }

  public SocketAddress unixAddress(Path path) {
    return this == EPOLL
        ? new DomainSocketAddress(path.toFile())
        : UnixDomainSocketAddress.of(path);
  }
}
