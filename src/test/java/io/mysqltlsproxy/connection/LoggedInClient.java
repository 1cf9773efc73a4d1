package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.connection.AuthenticationRelay.LoggedIn;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.Connecting;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.PasswordlessLogin;
import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A client whose login the rules have admitted and the server has answered with OK. */
final class LoggedInClient {
  private static final byte[] OK_AFTER_LOGIN = {7, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0};

  private LoggedInClient() {}

  /** Logs in, over channels in memory. */
  static LoggedIn logIn() throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(Packets.recorded("greetings/mysql-5.5.9.hex"));
    ByteBuf packet = Unpooled.buffer();
    PasswordlessLogin.encode(packet, "app", greeting.capabilities(), "");
    HandshakeResponse response = HandshakeResponse.decode(packet, greeting.capabilities());
    Rules rules = new Rules(false, Require.NONE, Accounts.NONE);
    Login login =
        new Login("app", ClientHost.of(InetAddress.getLoopbackAddress()), false, Transport.PLAIN);
    EmbeddedChannel server = new EmbeddedChannel();
    ServerLeg serverLeg =
        new ServerLeg(server, new EndHandler(failing(), Side.SERVER), none(), new HostErrors(true));
    serverLeg.leg().restartSequence(1);
    EmbeddedChannel client = new EmbeddedChannel();
    List<LoggedIn> made = new ArrayList<>();
    new AuthenticationRelay(
            new Authenticating(
                new Session(
                    greeting, greeting.capabilities(), Transport.PLAIN, false, Optional.empty()),
                ruling(rules, login, client),
                Optional.empty()),
            "",
            PluginExchanges.load(
                OptionSources.read(Map.of(), Map.of(), Path.of("no-option-file.cnf"))),
            new Leg(client, new EndHandler(failing(), Side.CLIENT), none()),
            serverLeg,
            new AuthenticationRelay.Outcome() {
              @Override
              public void authenticated(Authenticating phase, LoggedIn who, ByteBuf ok) {
                ok.release();
                made.add(who);
              }

              @Override
              public void denied(Authenticating phase, ByteBuf error) {
                throw new AssertionError("denied");
              }

              @Override
              public void impossible(ErrPacket error) {
                throw new AssertionError(error);
              }
            })
        .login(response, packet);
    server.writeInbound(Unpooled.wrappedBuffer(OK_AFTER_LOGIN));
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
    return made.get(0);
  }

  private static Ruling ruling(Rules rules, Login login, Channel client) {
    Decision decision = rules.decide(login);
    LiveConnection live =
        new LiveConnection(
            ClientAddress.of(client),
            new Connecting(),
            client.eventLoop(),
            owner(
                (reason, why) -> {
                  throw new AssertionError(why);
                }));
    return new Ruling(
        new SecurityPolicy(Optional.empty(), Optional.empty(), rules),
        (Admitted) decision,
        new LoginAudit(live, login, decision, "login"));
  }

  /** Of a connection that sends nothing and that nobody drains. */
  static LiveConnection.Owner owner(BiConsumer<CloseReason, String> disconnected) {
    return new LiveConnection.Owner() {
      @Override
      public void disconnect(CloseReason closeReason, String why) {
        disconnected.accept(closeReason, why);
      }

      @Override
      public void depart(long urgentAt) {
        throw new AssertionError("nobody drains");
      }

      @Override
      public boolean isSending() {
        return false;
      }
    };
  }

  private static Optional<TrafficEvents> none() {
    return Optional.empty();
  }

  private static EndHandler.Life failing() {
    return new EndHandler.Life() {
      @Override
      public void ended(Side side) {}

      @Override
      public void failed(Side side, Throwable cause) {
        throw new AssertionError("on the " + side + "'s side", cause);
      }
    };
  }
}
