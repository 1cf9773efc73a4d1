package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.net.Handover;
import io.mysqltlsproxy.net.Takeover;
import io.mysqltlsproxy.net.Transports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * HTTP/1.1 on a thread of its own, so that it answers while the clients' threads are busy. Few
 * connections, short requests, short timeouts. A new connection, such as a liveness probe, is
 * always accepted: if the limit is reached, the connection that has been idle longest is closed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
public final class AdminServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 32;
  private static final int MAX_REQUEST_LINE_LENGTH = 2048;
  private static final int MAX_HEADERS_LENGTH = 8192;
  private static final int MAX_BODY_LENGTH = 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** In bytes: what a client sends ahead is held in pieces of this. */
  private static final int READ_LENGTH = 2048;

  /** In bytes: what the kernel holds of an answer that nobody reads. */
  private static final int SEND_BUFFER_LENGTH = 128 << 10;

  private final EventLoopGroup group;
  private final Channel listener;
  private final ChannelGroup connections;

  private AdminServer(EventLoopGroup group, Channel listener, ChannelGroup connections) {
    this.group = group;
    this.listener = listener;
    this.connections = connections;
  }

  /**
   * Listens.
   *
   * @param pages by their paths: {@code /metrics}
   * @param predecessor whose socket listens there already
   * @throws BindException when the address cannot be listened at
   */
  public static AdminServer start(
      InetSocketAddress address, Map<String, Page> pages, Optional<Takeover> predecessor)
      throws BindException {
    return start(address, pages, TIMEOUT, predecessor);
  }

  /**
   * The same.
   *
   * @param timeout from one whole request to the next, however slowly it comes
   */
  static AdminServer start(InetSocketAddress address, Map<String, Page> pages, Duration timeout)
      throws BindException {
    return start(address, pages, timeout, Optional.empty());
  }

  private static AdminServer start(
      InetSocketAddress address,
      Map<String, Page> pages,
      Duration timeout,
      Optional<Takeover> predecessor)
      throws BindException {
    Transports transports = Transports.best();
    boolean loopback = address.getAddress().isLoopbackAddress();
    EventLoopGroup group = transports.newGroup(1, new DefaultThreadFactory("admin", true));
    AdminConnections clients = new AdminConnections(MAX_CONNECTIONS);
    ChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channelFactory(
                predecessor
                    .<ChannelFactory<ServerChannel>>map(before -> before::listener)
                    .orElseGet(() -> transports.listener(address)))
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_LENGTH)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(READ_LENGTH).maxMessagesPerRead(1))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    AdminHandler handler =
                        new AdminHandler(pages, loopback, () -> clients.served(client));
                    clients.add(client, handler);
                    all.add(client);
                    client
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(
                                new HttpDecoderConfig()
                                    .setMaxInitialLineLength(MAX_REQUEST_LINE_LENGTH)
                                    .setMaxHeaderSize(MAX_HEADERS_LENGTH)))
                        .addLast(new HttpObjectAggregator(MAX_BODY_LENGTH))
                        .addLast(new ChunkedWriteHandler())
                        .addLast(new ReadTimeoutHandler(timeout.toMillis(), TimeUnit.MILLISECONDS))
                        .addLast(handler);
                  }
                });
    ChannelFuture bound =
        (predecessor.isPresent() ? bootstrap.register() : bootstrap.bind(address))
            .awaitUninterruptibly();
    AdminServer server = new AdminServer(group, bound.channel(), all);
    if (!bound.isSuccess()) {
      server.close();
      BindException exception = new BindException(String.valueOf(bound.cause().getMessage()));
      exception.initCause(bound.cause());
      throw exception;
    }
    return server;
  }

  /** Offers the port to a successor. Once that has taken it, it alone answers. */
  void offer() {
    CompletableFuture<Handover> offered = new CompletableFuture<>();
    offered.complete(
        Handover.of(
            listener,
            successor -> {
              listener.close();
              connections.close();
              offered.thenAccept(Handover::close);
            }));
  }

  /** Its thread, for work that never waits. */
  ScheduledExecutorService scheduler() {
    return group;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
