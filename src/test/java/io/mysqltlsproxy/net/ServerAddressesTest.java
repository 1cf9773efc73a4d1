package io.mysqltlsproxy.net;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.testing.FreePort;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A backend whose name has several addresses. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the threads
class ServerAddressesTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final DefaultChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final EventLoopGroup group = Transports.best().newGroup(1);

  @AfterEach
  void end() {
    all.close().awaitUninterruptibly();
    group.shutdownGracefully();
  }

  @ParameterizedTest
  @EnumSource
  void theAddressesAreTriedInTurn(Transports transports) throws Exception {
    try (ServerSocket server = listener("127.0.0.1", 0)) {
      ServerConnector connector =
          connector(transports, server.getLocalPort(), "127.0.0.9", "127.0.0.1", "127.0.0.8");

      assertEquals("127.0.0.1", reached(transports, connector, LONG));
    }
  }

  /** Nobody takes connections there, and the kernel's queue is full. */
  @ParameterizedTest
  @EnumSource
  void anAddressThatStaysSilentLeavesTimeForTheNextAndComesLastFromThenOn(Transports transports)
      throws Exception {
    try (ServerSocket server = listener("127.0.0.1", 0);
        ServerSocket silent = listener("127.0.0.9", server.getLocalPort());
        Socket first = new Socket(silent.getInetAddress(), silent.getLocalPort());
        Socket second = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
      assertTrue(first.isConnected() && second.isConnected());
      ServerConnector connector =
          connector(transports, server.getLocalPort(), "127.0.0.9", "127.0.0.1");

      assertEquals("127.0.0.1", reached(transports, connector, Duration.ofSeconds(2)));
      long begun = System.nanoTime();
      assertEquals("127.0.0.1", reached(transports, connector, LONG));
      assertTrue(System.nanoTime() - begun < LONG.toNanos() / 3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatAnswersAtNoneIsReportedWithEach(Transports transports) throws Exception {
    int port = FreePort.find();
    ServerConnector connector = connector(transports, port, "127.0.0.9", "127.0.0.8");

    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> reached(transports, connector, LONG));

    assertEquals(
        "Connection refused (127.0.0.9:" + port + "), Connection refused (127.0.0.8:" + port + ")",
        ServerConnector.describe(requireNonNull(failure.getCause())));
  }

  /** The address to which a connection was made. */
  private String reached(Transports transports, ServerConnector connector, Duration timeout)
      throws Exception {
    EventLoopGroup loops = transports == Transports.best() ? group : transports.newGroup(1);
    CompletableFuture<String> address = new CompletableFuture<>();
    connector.connect(
        loops.next(),
        timeout,
        channel -> {
          address.complete(
              ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress());
          channel.close();
        },
        address::completeExceptionally);
    try {
      return address.get();
    } finally {
      if (loops != group) {
        loops.shutdownGracefully();
      }
    }
  }

  private static ServerSocket listener(String address, int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getByName(address));
  }

  private ServerConnector connector(Transports transports, int port, String... addresses) {
    return new ServerConnector(
        new Backend.Tcp("db.test", port), transports, resolver(List.of(addresses)), all);
  }

  private static AddressResolverGroup<InetSocketAddress> resolver(List<String> addresses) {
    return new AddressResolverGroup<>() {
      @Override
      protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new InetNameResolver(executor) {
          @Override
          protected void doResolve(String name, Promise<InetAddress> promise) throws Exception {
            promise.setSuccess(InetAddress.getByName(addresses.get(0)));
          }

          @Override
          protected void doResolveAll(String name, Promise<List<InetAddress>> promise)
              throws Exception {
            InetAddress[] all = new InetAddress[addresses.size()];
            for (int i = 0; i < all.length; i++) {
              all[i] = InetAddress.getByName(addresses.get(i));
            }
            promise.setSuccess(List.of(all));
          }
        }.asAddressResolver();
      }
    };
  }
}
