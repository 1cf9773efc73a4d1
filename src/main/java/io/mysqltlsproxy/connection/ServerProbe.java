package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.net.ServerConnector;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether the server would greet a client now, and takes leave of it as {@link ServerLeg}
 * does, so that it has no failed handshake to count.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
final class ServerProbe implements EndHandler.Life {
  private final CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
  private @Nullable ServerLeg server;

  private ServerProbe() {}

  /**
   * Connects.
   *
   * @param timeout for how long a greeting is waited for
   * @return what is wrong with the server, as one clause; empty where it greets
   */
  static CompletableFuture<Optional<String>> run(
      ServerConnector connector, EventLoop loop, Duration timeout) {
    ServerProbe probe = new ServerProbe();
    loop.schedule(
        () -> probe.wrong("no greeting within " + timeout.toMillis() + " ms"),
        timeout.toMillis(),
        TimeUnit.MILLISECONDS);
    connector.connect(
        loop, probe::connected, cause -> probe.wrong(ServerConnector.describe(cause)));
    return probe.answer;
  }

  private void connected(Channel channel) {
    ServerLeg leg = new ServerLeg(channel, new EndHandler(this, Side.SERVER), Optional.empty());
    server = leg;
    if (answer.isDone()) {
      leg.end();
      return;
    }
    leg.leg().receive(this::greeted);
    leg.leg().request();
  }

  private void greeted(ByteBuf packet) throws MalformedPacketException {
    if (ErrPacket.isAt(packet)) {
      wrong("it refuses the proxy: " + ErrPacket.decode(packet));
      return;
    }
    if (server != null) {
      server.greeted(HandshakeV10.decode(packet));
    }
    finish(Optional.empty());
  }

  @Override
  public void ended(Side side) {
    wrong("it closed the connection before its greeting");
  }

  @Override
  public void failed(Side side, Throwable cause) {
    wrong("it does not greet: " + cause.getMessage());
  }

  private void wrong(String problem) {
    finish(Optional.of(problem));
  }

  private void finish(Optional<String> problem) {
    if (answer.complete(problem) && server != null) {
      server.end();
    }
  }
}
