package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.net.Transports;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.OkPacket;
import io.mysqltlsproxy.protocol.PasswordlessLogin;
import io.mysqltlsproxy.protocol.SslRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Leaves a server without harm. A server counts connections that end during the handshake, and
 * after {@code max_connect_errors} of them it blocks the host they came from: the proxy. So a
 * handshake that has begun is completed, as a login without a password that the server refuses,
 * which does not count.
 *
 * <p>While the server owes something, it is waited for, however long it stands still: its own
 * timeouts end what it has forgotten. The kernel is asked now and then whether it still knows the
 * connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class Farewell implements ServerState.Exit {
  /** How long the end of the proxy waits for handshakes to end. */
  static final int TIMEOUT_SECONDS = 5;

  /** How long a server that stands still is waited for. */
  private static final int MAX_WAIT_SECONDS = 600;

  /** As long as servers wait for a client that is silent during its login. */
  private static final int TLS_SECONDS = 10;

  private static final int MAX_PACKETS = 16;

  private static final String UNKNOWN_PLUGIN = "mysql_tls_proxy_farewell";

  private final ServerLeg server;
  private final Leg leg;
  private int packets;

  Farewell(ServerLeg server) {
    this.server = server;
    this.leg = server.leg();
  }

  @Override
  public void awaitGreeting() {
    expect(
        packet -> {
          HandshakeV10 greeting = HandshakeV10.decode(packet);
          server.greeted(greeting);
          logInAsNobody(greeting);
        });
  }

  @Override
  public void logInAsNobody(HandshakeV10 greeting) {
    server
        .hostErrors()
        .logIn(
            server,
            new HostErrors.Turn() {
              @Override
              public String user() {
                return server.isCounted()
                    ? server.hostErrors().farewellName()
                    : PasswordlessLogin.NOBODY;
              }

              @Override
              public boolean send(String user) {
                logIn(user, greeting);
                return true;
              }

              @Override
              public void drop() {}

              @Override
              public boolean hasClient() {
                return false;
              }
            });
  }

  /**
   * Logs in without a password. Where it counts whether the server knows the user, it is by a
   * plugin that nobody knows: then a user that the server knows is asked to use another.
   */
  void logIn(String user, HandshakeV10 greeting) {
    ByteBuf login = leg.allocator().buffer();
    PasswordlessLogin.encode(
        login,
        user,
        greeting.capabilities(),
        server.isCounted() ? UNKNOWN_PLUGIN : greeting.authPluginName());
    leg.send(login);
    awaitAnswer();
  }

  /** {@link ServerEncryption} goes on when TLS is agreed on, and ends the leg when it is not. */
  @Override
  public void awaitTls() {
    leg.closeAfter(TLS_SECONDS);
  }

  @Override
  public void logInAsNobody(SslRequest request) {
    ByteBuf login = leg.allocator().buffer();
    PasswordlessLogin.encode(login, PasswordlessLogin.NOBODY, request, UNKNOWN_PLUGIN);
    leg.send(login);
    awaitAnswer();
  }

  @Override
  public void awaitAnswer() {
    expect(
        packet -> {
          if (OkPacket.isAt(packet)) {
            server.quit();
          } else {
            answerNothing();
          }
        });
  }

  @Override
  public void answerNothing() {
    leg.send(Unpooled.EMPTY_BUFFER);
    awaitAnswer();
  }

  @Override
  public void close() {
    leg.flushAndClose();
  }

  private void expect(PacketHandler.Receiver next) {
    if (packets == 0) {
      leg.closeAfter(MAX_WAIT_SECONDS);
      Transports.askWhetherAlive(leg.channel());
    }
    leg.receive(
        packet -> {
          if (ErrPacket.isAt(packet) || ++packets > MAX_PACKETS) {
            leg.close();
          } else {
            next.receive(packet);
          }
        });
    leg.request();
  }
}
