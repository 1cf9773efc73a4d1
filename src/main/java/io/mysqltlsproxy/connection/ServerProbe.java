package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.ForeignServiceDetector.ForeignServiceException;
import io.mysqltlsproxy.net.OpenFiles;
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
 * Finds out whether the server would greet a client now, and disconnects as {@link ServerLeg} does,
 * so that the server counts no failed handshake.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
final class ServerProbe implements EndHandler.Life {
  private static final String SILENCE = "no greeting";
  private static final String IT_IS = "it is ";
  private static final String OUT_OF_FILES =
      "it cannot be asked: the proxy is out of file descriptors; ";

  private final CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
  private final ConnectionSettings settings;
  private @Nullable ServerLeg server;

  private ServerProbe(ConnectionSettings settings) {
    this.settings = settings;
  }

  /**
   * Connects.
   *
   * @param timeout for how long a greeting is waited for
   * @return what is wrong with the server, as one clause; empty where it greets
   */
  static CompletableFuture<Optional<String>> run(
      ServerDoor door, ConnectionSettings settings, EventLoop loop, Duration timeout) {
    ServerProbe probe = new ServerProbe(settings);
    loop.schedule(
        () -> probe.wrong(SILENCE + " within " + timeout.toMillis() + " ms"),
        timeout.toMillis(),
        TimeUnit.MILLISECONDS);
    loop.execute(
        () -> door.connect(loop, timeout, probe::connected, cause -> probe.wrong(describe(cause))));
    return probe.answer;
  }

  private void connected(Channel channel) {
    ServerLeg leg =
        new ServerLeg(
            channel, new EndHandler(this, Side.SERVER), Optional.empty(), settings.hostErrors());
    server = leg;
    leg.announce(settings.backendProxyProtocol(), Optional.empty());
    if (answer.isDone()) {
      leg.end();
      return;
    }
    leg.leg().receive(this::greeted);
    leg.leg().request();
  }

  private static String describe(Throwable cause) {
    return OpenFiles.areExhausted(cause)
        ? OUT_OF_FILES + OpenFiles.hint()
        : ServerConnector.describe(cause);
  }

  /** Whether the problem is not the server's: it could not be asked. */
  static boolean isOutOfFiles(String problem) {
    return problem.startsWith(OUT_OF_FILES);
  }

  /** Whether the problem is that nothing was sent. */
  static boolean isSilence(String problem) {
    return problem.startsWith(SILENCE);
  }

  /** The problem that another service answers. */
  static String foreign(String service) {
    return IT_IS + new ForeignServiceException(service).getMessage();
  }

  static boolean isForeign(String problem) {
    return problem.startsWith(IT_IS);
  }

  private void greeted(ByteBuf packet) throws MalformedPacketException {
    if (ErrPacket.isAt(packet)) {
      wrong("it refuses the proxy: " + ErrPacket.decode(packet));
      return;
    }
    if (server != null) {
      HandshakeV10 greeting = HandshakeV10.decode(packet);
      server.greeted(greeting);
      if (settings.policy().get().towardsServer().isPresent() && !greeting.offersTls()) {
        wrong("it does not offer TLS");
        return;
      }
    }
    finish(Optional.empty());
  }

  @Override
  public void ended(Side side) {
    wrong("it closed the connection before its greeting");
  }

  @Override
  public void failed(Side side, Throwable cause) {
    wrong(
        cause instanceof ForeignServiceException
            ? IT_IS + cause.getMessage()
            : "it sent no valid greeting: " + cause.getMessage());
    if (server != null) {
      server.failed();
    }
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
