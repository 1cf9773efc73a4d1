package io.mysqltlsproxy.net;

import io.mysqltlsproxy.text.IpText;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A TCP address and port.
 *
 * @param address port 0 picks one
 * @param predecessor whose socket listens there already
 */
public record TcpEntrance(InetSocketAddress address, Optional<Takeover> predecessor)
    implements Entrance {

  @Override
  public Channel open(ServerBootstrap bootstrap) throws BindException {
    bootstrap
        .channelFactory(
            predecessor
                .<ChannelFactory<ServerChannel>>map(before -> before::listener)
                .orElseGet(() -> Transports.best().listener(address)))
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.AUTO_READ, predecessor.isEmpty())
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true);
    ChannelFuture bound =
        (predecessor.isPresent() ? bootstrap.register() : bootstrap.bind(address))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw Entrance.unusable(address.getHostString(), bound.cause());
    }
    return bound.channel();
  }

  @Override
  public String shown(Channel listener) {
    return IpText.withPort((InetSocketAddress) listener.localAddress());
  }
}
