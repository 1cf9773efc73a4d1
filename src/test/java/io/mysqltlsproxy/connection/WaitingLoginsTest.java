package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.connection.WaitingLogins.Waiting;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitingLoginsTest {
  private final WaitingLogins logins = new WaitingLogins();

  @Test
  void aClientWaitsForOneOfThoseThatHaveLeftBeforeIt() {
    for (int i = 0; i < 200; i++) {
      logins.add(waiting("gone" + i, /* hasClient= */ false));
    }
    assertEquals("gone0", next());

    logins.add(waiting("app", /* hasClient= */ true));

    assertEquals("app", next());
    assertEquals("gone1", next());
  }

  @Test
  void thoseThatHaveLeftDoNotStarveWhileClientsCome() {
    logins.add(waiting("gone0", /* hasClient= */ false));
    logins.add(waiting("gone1", /* hasClient= */ false));
    for (int i = 0; i < 3; i++) {
      logins.add(waiting("app" + i, /* hasClient= */ true));
    }

    assertEquals(
        "app0 gone0 app1 gone1 app2", String.join(" ", next(), next(), next(), next(), next()));
    assertEquals(Optional.empty(), logins.next());
  }

  @Test
  void theFirstThatFitsIsTakenAndAClientBeforeAllOthers() {
    Waiting gone = waiting("gone", /* hasClient= */ false);
    logins.add(gone);
    logins.add(waiting("nosuch", /* hasClient= */ true));
    logins.add(waiting("app", /* hasClient= */ true));

    assertEquals(Optional.of("app"), first("app"));
    assertEquals(Optional.empty(), first("app"));
    assertEquals(Optional.of("gone"), first("gone"));

    assertFalse(logins.remove(gone));
    Waiting other = waiting("other", /* hasClient= */ false);
    logins.add(other);
    assertTrue(logins.remove(other));
    assertEquals("nosuch", next());
  }

  private Optional<String> first(String user) {
    return logins.first(one -> one.turn().user().equals(user)).map(one -> one.turn().user());
  }

  private String next() {
    return logins.next().orElseThrow().turn().user();
  }

  private static Waiting waiting(String user, boolean hasClient) {
    ServerLeg leg =
        new ServerLeg(
            new EmbeddedChannel(),
            new EndHandler(new OwnLife(), Side.SERVER),
            Optional.empty(),
            new HostErrors(/* namesUsers= */ true));
    return new Waiting(leg, new NamedTurn(user, hasClient));
  }

  private static final class OwnLife implements EndHandler.Life {
    @Override
    public void ended(Side side) {}

    @Override
    public void failed(Side side, Throwable cause) {}
  }

  private record NamedTurn(String user, boolean hasClient) implements HostErrors.Turn {
    @Override
    public boolean send(String as) {
      return true;
    }

    @Override
    public void drop() {}
  }
}
