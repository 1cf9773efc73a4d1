package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.net.AcceptFailures;
import io.mysqltlsproxy.net.ArrivalHandler;
import io.mysqltlsproxy.net.BackgroundResolver;
import io.mysqltlsproxy.net.Buffering;
import io.mysqltlsproxy.net.Entrance;
import io.mysqltlsproxy.net.Handover;
import io.mysqltlsproxy.net.ServerConnector;
import io.mysqltlsproxy.net.TcpEntrance;
import io.mysqltlsproxy.net.Transports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** The listening proxy: from bind to drain. */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
public final class Proxy implements AutoCloseable {
  private static final int BACKLOG = 1024;

  /** How long clients may take to read the error that ends them. */
  private static final int LAST_WORDS_SECONDS = 1;

  private final EventLoopGroup group;

  /** For questions to the server, which must not wait for the clients' event loops. */
  private final EventLoopGroup probes;

  private final ExecutorService lookups;
  private final ChannelGroup clients;
  private final ChannelGroup servers;
  private final LiveConnections live;
  private final ServerProbes asking;
  private final Entrance entrance;
  private final Channel listener;

  private Proxy(
      EventLoopGroup group,
      EventLoopGroup probes,
      ExecutorService lookups,
      ChannelGroup clients,
      ChannelGroup servers,
      LiveConnections live,
      ServerProbes asking,
      Entrance entrance,
      Channel listener) {
    this.group = group;
    this.probes = probes;
    this.lookups = lookups;
    this.clients = clients;
    this.servers = servers;
    this.live = live;
    this.asking = asking;
    this.entrance = entrance;
    this.listener = listener;
  }

  /**
   * Listens at a TCP address.
   *
   * @param address where clients connect; port 0 picks one
   * @throws BindException when the address cannot be listened at; the message names it
   */
  public static Proxy start(ConnectionSettings settings, InetSocketAddress address)
      throws BindException {
    return start(settings, new TcpEntrance(address, Optional.empty()));
  }

  /**
   * Listens.
   *
   * @throws BindException when nobody can listen there; the message names the place
   */
  public static Proxy start(ConnectionSettings settings, Entrance entrance) throws BindException {
    Transports transports = Transports.best();
    EventLoopGroup group = transports.newGroup(Runtime.getRuntime().availableProcessors());
    EventLoopGroup probes = transports.newGroup(1);
    ExecutorService lookups =
        Executors.newSingleThreadExecutor(new DefaultThreadFactory("name-lookup", true));
    ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ChannelGroup servers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    LiveConnections live = new LiveConnections();
    ServerConnector connector =
        new ServerConnector(
            settings.backend(), transports, new BackgroundResolver(lookups), servers);
    ServerDoor door =
        new ServerDoor(connector::connect, connector::isOwn, settings.connectTimeout());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .handler(new AcceptFailures())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.AUTO_CLOSE, false)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, Buffering.READS)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Buffering.WATER_MARK)
            .childHandler(
                new ArrivalHandler(
                    client -> {
                      clients.add(client);
                      ConnectionAcceptor.accepted(settings, door, live, client);
                    }));
    Channel listener;
    try {
      listener = entrance.open(bootstrap);
    } catch (BindException e) {
      end(group, probes, lookups);
      throw e;
    }
    ServerProbes asking = new ServerProbes(door, probes, settings);
    settings.hostErrors().openWith(OwnLogin.opener(door, settings));
    return new Proxy(group, probes, lookups, clients, servers, live, asking, entrance, listener);
  }

  /** Accepts clients from now on, also at a predecessor's socket. */
  public void accept() {
    listener.config().setAutoRead(true);
  }

  /** Where clients connect by TCP. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Where clients connect, as they would write it. */
  public String shownAddress() {
    return entrance.shown(listener);
  }

  /**
   * Offers the port to a successor.
   *
   * @param taken gets the process id of one that is ready, once
   */
  public Handover offer(IntConsumer taken) {
    return Handover.of(listener, taken);
  }

  /** How many clients are connected. */
  public int connections() {
    return clients.size();
  }

  /** The clients that are connected, and what is known of each. */
  public LiveConnections live() {
    return live;
  }

  /** The threads on which the connections live. */
  public Iterable<EventExecutor> eventLoops() {
    return group;
  }

  /** Whether the server has greeted a client within this time. */
  public boolean serverGreetedWithin(Duration time) {
    return asking.door().heardWithin(time);
  }

  /** How many connections the server has yet to greet. */
  public int ungreeted() {
    return asking.door().ungreeted();
  }

  /** Whether clients can still connect. */
  public boolean isAccepting() {
    return listener.isOpen();
  }

  /**
   * Sees whether the server would greet a client now, without harm to it.
   *
   * @param timeout for how long its greeting is waited for
   * @return what is wrong with the server, as one clause; empty where it greets
   */
  public CompletionStage<Optional<String>> probeServer(Duration timeout) {
    return asking.ask(timeout);
  }

  /**
   * Asks the server now, and from now on while it cannot be used, so that the log says when it can.
   *
   * @param timeout for how long the first answer is waited for
   */
  public void watchServer(Duration timeout) {
    asking.watch(timeout);
  }

  /** What is known of the server. */
  public ServerMonitor server() {
    return asking.settings().server();
  }

  /**
   * Accepts nobody any more and waits for the clients to leave; those that have nothing to lose are
   * asked to.
   *
   * @return whether all have left in time
   */
  public boolean drain(Duration timeout) throws InterruptedException {
    listener.close().awaitUninterruptibly();
    return new Drain(live, timeout).await();
  }

  /**
   * Closes everything at once, but for handshakes with the server, which are first led to their
   * end, and clients that have yet to read why they are refused, which have a second or two.
   */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    live.all().forEach(client -> client.close(CloseReason.SHUTDOWN, Drain.REASON));
    clients.newCloseFuture().awaitUninterruptibly(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
    clients.close().awaitUninterruptibly();
    servers.newCloseFuture().awaitUninterruptibly(Farewell.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    end(group, probes, lookups);
  }

  private static void end(EventLoopGroup group, EventLoopGroup probes, ExecutorService lookups) {
    probes.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    lookups.shutdownNow();
  }
}
