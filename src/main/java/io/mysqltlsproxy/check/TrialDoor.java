package io.mysqltlsproxy.check;

import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.net.ArrivalHandler;
import io.mysqltlsproxy.net.Entrance;
import io.mysqltlsproxy.net.SocketEntrance;
import io.mysqltlsproxy.net.TcpEntrance;
import io.mysqltlsproxy.option.ConnectOptions;
import io.mysqltlsproxy.option.ListenAddress;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A door of the kind that the options name, through which this process comes and nobody else on
 * this machine: the proxy behind it would log them in at the server, too, whom they may not be
 * allowed to reach.
 */
interface TrialDoor extends Closeable {
  /** For the proxy. */
  Entrance entrance();

  /** Connects to the proxy that listens there now. */
  Client connect(Proxy proxy) throws IOException;

  /** What the client reads from and writes to. */
  record Client(InputStream in, OutputStream out, Closeable connection) {}

  /** A Unix socket where clients would connect to one, since that is what the rules see. */
  static TrialDoor of(OptionValues values) throws IOException, OptionException {
    if (values.get(ConnectOptions.SOCKET).isPresent()) {
      return Unix.make();
    }
    InetAddress wanted = ListenAddress.of(values).getAddress();
    return Tcp.make(wanted.isLoopbackAddress() ? wanted : InetAddress.getLoopbackAddress());
  }

  /**
   * A Unix socket in a directory of this user's.
   *
   * @param directory to be deleted
   */
  record Unix(Path directory) implements TrialDoor {
    static Unix make() throws IOException {
      return new Unix(Files.createTempDirectory("mysql-tls-proxy-check-"));
    }

    private Path socket() {
      return directory.resolve("socket");
    }

    @Override
    public Entrance entrance() {
      return new SocketEntrance(socket(), /* asksForUsers= */ false);
    }

    @Override
    public Client connect(Proxy proxy) throws IOException {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
      return new Client(
          Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(directory);
    }
  }

  /**
   * A port of loopback, where one client is served.
   *
   * @param client has its address already, which nobody else can have
   */
  record Tcp(InetAddress address, Socket client) implements TrialDoor {
    static Tcp make(InetAddress address) throws IOException {
      Socket client = new Socket();
      client.bind(new InetSocketAddress(address, 0));
      return new Tcp(address, client);
    }

    @Override
    public Entrance entrance() {
      return new ForOne(
          new TcpEntrance(new InetSocketAddress(address, 0), Optional.empty()),
          client.getLocalSocketAddress());
    }

    @Override
    public Client connect(Proxy proxy) throws IOException {
      client.connect(proxy.address());
      return new Client(client.getInputStream(), client.getOutputStream(), client);
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  /** Closes the connections of everyone else. */
  record ForOne(Entrance entrance, SocketAddress client) implements Entrance {
    @Override
    public Channel open(ServerBootstrap bootstrap) throws BindException {
      ChannelHandler proxy = Objects.requireNonNull(bootstrap.config().childHandler());
      return entrance.open(
          bootstrap.childHandler(
              new ArrivalHandler(
                  arrived -> {
                    if (client.equals(arrived.remoteAddress())) {
                      arrived.pipeline().addLast(proxy);
                    } else {
                      var unused = arrived.close();
                    }
                  })));
    }

    @Override
    public String shown(Channel listener) {
      return entrance.shown(listener);
    }
  }
}
