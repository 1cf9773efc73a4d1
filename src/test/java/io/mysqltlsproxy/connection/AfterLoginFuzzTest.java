package io.mysqltlsproxy.connection;

import static io.mysqltlsproxy.connection.MemoryProxy.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.Closed;
import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.connection.CommandModel.Verdict;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The way of a connection after its login, with any bytes from the client and any answers of a
 * server to them, whole or in pieces: exactly those bytes pass that {@link CommandModel} lets pass,
 * the response tracker knows what the server owes, and the proxy knows whose session it is.
 *
 * <p>{@code mvn test} runs the inputs kept beside this class, and some thousand by chance. {@code
 * JAZZER_FUZZ=1 mvn test -Dtest.jvm.args= -Dtest=AfterLoginFuzzTest#session} searches for more.
 */
@ExtendWith(MemoryProxy.Silence.class)
class AfterLoginFuzzTest {
  private static final int RANDOM_INPUTS = 500;
  private static final int MULTI = 1 << 16 | 1 << 17;
  private static final int DEPRECATE_EOF = 1 << 24;
  private static final int FLAGS = Wire.USUAL | MULTI;
  private static final int MAX_PAYLOAD = 0xFFFFFF;

  private static final List<Integer> COMMANDS =
      List.of(
          0x03, 0x0E, 0x17, 0x16, 0x1C, 0x04, 0xFA, 0x0A, 0x09, 0x19, 0x18, 0x1A, 0x1F, 0x1B, 0x12,
          0x1E, 0x01, 0xFE, 0x00, 0x15);

  private static final List<String> USERS =
      Stream.concat(MemoryProxy.ADMITTED.stream().sorted(), MemoryProxy.REFUSED.stream()).toList();

  @FuzzTest
  void session(byte[] data) {
    new Run(new Script(data)).run();
  }

  @Test
  void sessionsByChanceHoldToo() {
    Script.byChance(RANDOM_INPUTS, 120, this::session);
  }

  private static final class Run {
    private final Script script;
    private final MemoryProxy proxy = MemoryProxy.accept(MemoryProxy.UNCHANGED);
    private final MemoryChannel serverChannel;
    private final CommandModel model;
    private final ServerModel server;
    private int reached;
    private int heard;
    private int split = Integer.MAX_VALUE;
    private boolean hugeSent;
    private boolean serverIsMad;

    Run(Script script) {
      this.script = script;
      boolean deprecateEof = script.below(2) == 1;
      int flags = FLAGS | (deprecateEof ? DEPRECATE_EOF : 0);
      proxy.serverAccepts();
      serverChannel = proxy.server().orElseThrow();
      serverChannel.arrive(Wire.packet(0, Wire.greeting(flags, Wire.NATIVE)));
      proxy.client().arrive(Wire.packet(1, Wire.login(flags, "app", new byte[0], Wire.NATIVE)));
      serverChannel.arrive(Wire.packet(2, Wire.ok()));
      proxy.client().written();
      serverChannel.written();
      model = new CommandModel(new Capabilities(flags));
      server = new ServerModel(model, script, deprecateEof, "app");
    }

    void run() {
      look();
      while (script.goesOn() && !(proxy.phase() instanceof Closed)) {
        step();
        look();
      }
      proxy.end(true);
    }

    private void step() {
      switch (script.below(20)) {
        case 0, 1, 2 -> clientSends(Wire.packet(0, command()));
        case 3 -> clientSends(Wire.packet(0, changeUser()));
        case 4 -> clientSends(Wire.packet(script.number(), script.bytes()));
        case 5 -> clientSends(script.bytes());
        case 6 -> clientSends(Wire.packet(model.fileId(), script.bytes()));
        case 7 -> clientSends(Wire.packet(model.fileId(), new byte[0]));
        case 8, 9 -> {
          server.answer();
          deliver(Integer.MAX_VALUE);
        }
        case 10, 11 -> server.answer();
        case 12, 13 -> deliver(1 + script.number());
        case 14 -> split = 1 + script.number();
        case 15 -> server.answer();
        case 16 -> many();
        case 17 -> clientSends(Wire.packet(0, Wire.query("SHOW STATUS LIKE 'Ssl_cipher'")));
        case 18 -> clientSends(Wire.packet(2, script.bytes()));
        default -> rare();
      }
    }

    private byte[] command() {
      return Wire.of(script.oneOf(COMMANDS)).add(script.bytes()).bytes();
    }

    private byte[] changeUser() {
      return Wire.changeUser(
          script.oneOf(USERS), new byte[script.below(30)], script.oneOf(List.of(Wire.NATIVE, "")));
    }

    /**
     * A command, or a piece of a file, of more than one packet; seldom, since it takes its time.
     */
    private void huge() {
      if (hugeSent || script.below(16) > 0) {
        return;
      }
      hugeSent = true;
      byte[] first = new byte[MAX_PAYLOAD];
      first[0] = (byte) (int) script.oneOf(COMMANDS);
      split = Integer.MAX_VALUE;
      clientSends(Wire.packet(model.fileId() * script.below(2), first));
      clientSends(Wire.packet(1, script.bytes()));
    }

    /** More commands than the proxy follows. */
    private void many() {
      byte[] ping = Wire.packet(0, new byte[] {0x0E});
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = script.number() * 8; i > 0; i--) {
        all.writeBytes(ping);
      }
      clientSends(all.toByteArray());
    }

    private void rare() {
      switch (script.below(8)) {
        case 0 -> huge();
        case 1 -> {
          serverIsMad = true;
          server.say(script.bytes());
          deliver(Integer.MAX_VALUE);
        }
        case 2 -> proxy.pass(script.number() * 1000L);
        default -> server.answer();
      }
    }

    private void clientSends(byte[] bytes) {
      int end;
      for (int at = 0; at < bytes.length && !model.isClosed(); at = end) {
        end = at + Math.min(split, bytes.length - at);
        byte[] part = Arrays.copyOfRange(bytes, at, end);
        model.clientSends(part);
        proxy.client().arrive(part);
        follow();
      }
    }

    private void deliver(int count) {
      byte[] bytes = server.next(count);
      serverChannel.arrive(bytes);
      server.arrived(bytes.length);
      follow();
    }

    /** Where the model leaves it to the proxy whether a user is admitted. */
    private void follow() {
      if (model.authenticates()
          && model.verdict() == Verdict.EITHER
          && proxy.phase() instanceof Closed) {
        model.close();
      }
    }

    private void look() {
      proxy.pass(0);
      boolean closed = proxy.phase() instanceof Closed;
      byte[] toServer = withoutFarewell(serverChannel.written());
      int end = reached + toServer.length;
      // What came in one piece with a violation may go no further, even the part before it.
      if (!(closed && model.verdict() == Verdict.EITHER)) {
        check(
            (serverIsMad || end == model.passed() || (closed && end < model.passed()))
                && Arrays.equals(toServer, 0, toServer.length, model.sent(), reached, end),
            end + " bytes have reached the server, and not these " + model.passed());
      }
      reached = end;
      if (!serverIsMad) {
        check(closed == model.isClosed(), closed ? "it is closed" : "it is not closed");
        compareStates();
      }
      byte[] toClient = proxy.client().written();
      end = heard + toClient.length;
      check(
          closed
              || ((model.authenticates() || end == server.delivered())
                  && Arrays.equals(toClient, 0, toClient.length, server.said(), heard, end)),
          "the client has heard something else than the server said");
      heard = end;
      proxy.checkNoFault();
    }

    /**
     * A change of user that is broken off is led to its end: the server gets nothing, and says no.
     */
    private byte[] withoutFarewell(byte[] bytes) {
      int before = bytes.length - 4;
      boolean isFarewell =
          proxy.phase() instanceof Closed
              && model.authenticates()
              && before >= 0
              && Arrays.equals(bytes, before, before + 3, new byte[3], 0, 3);
      return isFarewell ? Arrays.copyOf(bytes, before) : bytes;
    }

    private void compareStates() {
      if (proxy.phase() instanceof Commands phase) {
        check(!model.authenticates(), "no change of user");
        check(phase.responses().state() == state(), phase.responses().state() + ", not " + state());
        String user = phase.who().admitted().login().user();
        check(user.equals(server.user()), "as " + user + ", to the server as " + server.user());
      } else if (proxy.phase() instanceof Authenticating phase) {
        check(model.authenticates(), "a change of user");
        String user = phase.ruling().decision().login().user();
        check(
            model.verdict() == Verdict.EITHER || user.equals(model.changesTo()),
            user + " and not " + model.changesTo());
      }
    }

    private State state() {
      if (model.isLost()) {
        return State.UNKNOWN;
      }
      if (model.wantsFile()) {
        return State.FILE_WANTED;
      }
      return model.owes() ? State.ANSWERING : State.IDLE;
    }
  }
}
