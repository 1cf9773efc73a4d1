package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection of the proxy's own to the server, greeted, that can log in without a password. */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
final class OwnLogin implements EndHandler.Life {
  /** Opens them. */
  interface Opener {
    /** Where there are none. */
    Opener NONE =
        new Opener() {
          @Override
          public void open(EventLoop loop, Consumer<Optional<OwnLogin>> ready) {
            ready.accept(Optional.empty());
          }

          @Override
          public boolean isConnecting() {
            return false;
          }
        };

    /**
     * Opens one.
     *
     * @param ready takes it, greeted; empty where there is none
     */
    void open(EventLoop loop, Consumer<Optional<OwnLogin>> ready);

    /** Whether the server has yet to greet a connection: it may still ask what it holds. */
    boolean isConnecting();
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ConnectionSettings settings;
  private final Consumer<Optional<OwnLogin>> ready;
  private @Nullable ServerLeg server;
  private @Nullable HandshakeV10 greeting;
  private boolean told;

  private OwnLogin(ConnectionSettings settings, Consumer<Optional<OwnLogin>> ready) {
    this.settings = settings;
    this.ready = ready;
  }

  /** How they are opened. */
  static Opener opener(ServerDoor door, ConnectionSettings settings) {
    return new Opener() {
      @Override
      public void open(EventLoop loop, Consumer<Optional<OwnLogin>> ready) {
        OwnLogin.open(door, settings, loop, ready);
      }

      @Override
      public boolean isConnecting() {
        return door.ungreeted() > 0;
      }
    };
  }

  /**
   * Opens one.
   *
   * @param ready takes it, on the event loop; empty where the server has not greeted it within ten
   *     seconds
   */
  private static void open(
      ServerDoor door,
      ConnectionSettings settings,
      EventLoop loop,
      Consumer<Optional<OwnLogin>> ready) {
    OwnLogin own = new OwnLogin(settings, ready);
    loop.schedule((Runnable) own::failed, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    loop.execute(() -> door.connect(loop, TIMEOUT, own::connected, cause -> own.failed()));
  }

  private void connected(Channel channel) {
    ServerLeg leg =
        new ServerLeg(
            channel, new EndHandler(this, Side.SERVER), Optional.empty(), settings.hostErrors());
    server = leg;
    leg.announce(settings.backendProxyProtocol(), Optional.empty());
    if (told) {
      leg.end();
      return;
    }
    leg.leg().receive(packet -> greeted(leg, packet));
    leg.leg().request();
  }

  private void greeted(ServerLeg leg, ByteBuf packet) throws MalformedPacketException {
    if (ErrPacket.isAt(packet)) {
      leg.refused();
      failed();
      return;
    }
    HandshakeV10 itsGreeting = HandshakeV10.decode(packet);
    greeting = itsGreeting;
    leg.greeted(itsGreeting);
    tell(Optional.of(this));
  }

  /**
   * Logs in, and leaves.
   *
   * @param rejected whether the server's first answer was ERR, so that it may not know the user
   */
  void logIn(String user, Consumer<Boolean> rejected) {
    if (server == null || greeting == null || !server.leg().channel().isActive()) {
      rejected.accept(true);
      return;
    }
    FirstAnswer.of(server.leg().channel(), rejected);
    new Farewell(server).logIn(user, greeting);
  }

  @Override
  public void ended(Side side) {
    failed();
  }

  @Override
  public void failed(Side side, Throwable cause) {
    if (server != null) {
      server.failed();
    }
    failed();
  }

  private void failed() {
    if (!told && server != null) {
      server.end();
    }
    tell(Optional.empty());
  }

  private void tell(Optional<OwnLogin> own) {
    if (!told) {
      told = true;
      ready.accept(own);
    }
  }
}
