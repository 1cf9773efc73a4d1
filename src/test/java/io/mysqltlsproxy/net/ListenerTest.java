package io.mysqltlsproxy.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.option.ListenAddress;
import io.mysqltlsproxy.option.OptionSources;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a listener takes, by {@code bind-address}: the same as mysqld's. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the threads
class ListenerTest {
  @ParameterizedTest
  @CsvSource({
    "EPOLL, 0.0.0.0, true, false",
    "EPOLL, *, true, true",
    "EPOLL, ::, true, true",
    "EPOLL, ::1, false, true",
    "EPOLL, 127.0.0.1, true, false",
    "NIO, 0.0.0.0, true, false",
    "NIO, *, true, true",
    "NIO, ::, true, true",
    "NIO, ::1, false, true",
    "NIO, 127.0.0.1, true, false",
  })
  void anIpv4AddressTakesIpv4ClientsOnlyAndTheStarBoth(
      Transports transports, String bindAddress, boolean ipv4, boolean ipv6) throws Exception {
    assumeTrue(hasIpv6(), "this machine has no IPv6 loopback address");
    InetSocketAddress address =
        ListenAddress.of(
            OptionSources.read(
                Map.of("bind-address", bindAddress, "port", "0"),
                Map.of(),
                Path.of("no-option-file.cnf")));
    EventLoopGroup group = transports.newGroup(1);
    try {
      Channel listener =
          new ServerBootstrap()
              .group(group)
              .channelFactory(transports.listener(address))
              .childHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                      client.close();
                    }
                  })
              .bind(address)
              .sync()
              .channel();
      int port = ((InetSocketAddress) listener.localAddress()).getPort();

      assertEquals(ipv4, takes("127.0.0.1", port));
      assertEquals(ipv6, takes("::1", port));
    } finally {
      group.shutdownGracefully();
    }
  }

  private static boolean takes(String address, int port) {
    try (Socket client = new Socket(address, port)) {
      return client.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private static boolean hasIpv6() throws IOException {
    return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
        .flatMap(device -> Collections.list(device.getInetAddresses()).stream())
        .anyMatch(address -> address.getHostAddress().startsWith("0:0:0:0:0:0:0:1"));
  }
}
