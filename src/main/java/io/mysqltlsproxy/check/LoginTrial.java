package io.mysqltlsproxy.check;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.auth.LoginDialogue;
import io.mysqltlsproxy.auth.LoginException;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.connection.ConnectionEvents;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.connection.SecurityPolicy;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.OkPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/**
 * Whether an account gets in: a client without TLS logs in once by way of a proxy with these very
 * options, which listens for this client alone meanwhile.
 */
final class LoginTrial {
  private static final Duration BEYOND_THE_PROXYS_OWN = Duration.ofSeconds(2);

  private final OptionValues values;
  private final Account account;

  LoginTrial(OptionValues values, Account account) {
    this.values = values;
    this.account = account;
  }

  void run(Findings findings) {
    try {
      SecurityPolicy policy = SecurityPolicy.load(values);
      try {
        ConnectionSettings settings =
            ConnectionSettings.from(
                values, PluginExchanges.load(values), () -> policy, ConnectionEvents.NONE);
        try (TrialDoor door = TrialDoor.of(values);
            Proxy proxy = Proxy.start(settings, door.entrance())) {
          logIn(door.connect(proxy));
        }
      } finally {
        policy.close();
      }
      findings.ok(Item.LOGIN, "the server lets '" + account.user() + "' in");
    } catch (OptionException e) {
      findings.wrong(Item.LOGIN, e);
    } catch (LoginException e) {
      findings.wrong(
          Item.LOGIN,
          "'" + account.user() + "' does not get in: " + e.getMessage(),
          "check the password and, on the server, the account's host, plugin and REQUIRE: SHOW"
              + " CREATE USER");
    } catch (IOException | MalformedPacketException e) {
      findings.wrong(
          Item.LOGIN,
          "the login of '" + account.user() + "' broke off: " + e.getMessage(),
          "see the server's error log");
    }
  }

  private void logIn(TrialDoor.Client client)
      throws IOException, LoginException, MalformedPacketException {
    Duration timeout = values.get(Options.CONNECT_TIMEOUT).plus(BEYOND_THE_PROXYS_OWN);
    try (Closeable connection = client.connection();
        Deadline deadline = new Deadline(timeout, connection)) {
      try {
        logIn(new PacketExchange(client.in(), client.out()));
      } catch (IOException e) {
        throw deadline.hasPassed()
            ? new IOException("no answer within " + timeout.toSeconds() + " s", e)
            : e;
      }
    }
  }

  private void logIn(PacketExchange packets)
      throws IOException, LoginException, MalformedPacketException {
    ByteBuf greeting = notRefused(packets.read());
    LoginDialogue dialogue = new LoginDialogue(account, false, HandshakeV10.decode(greeting));
    packets.send(dialogue.response());
    for (ByteBuf packet = notRefused(packets.read());
        !OkPacket.isAt(packet);
        packet = notRefused(packets.read())) {
      ByteBuf answer = dialogue.answer(packet);
      if (answer != null) {
        packets.send(answer);
      }
    }
    packets.restart();
    packets.send(Unpooled.buffer(1).writeByte(Command.COM_QUIT));
  }

  private static ByteBuf notRefused(ByteBuf packet)
      throws LoginException, MalformedPacketException {
    if (ErrPacket.isAt(packet)) {
      throw LoginDialogue.refused(packet);
    }
    if (!packet.isReadable()) {
      throw new MalformedPacketException("the server's packet is empty");
    }
    return packet;
  }
}
