package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.tls.ServerTls;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Event loops that are stuck while a new policy comes; here they run when the test says so. */
class ReadmissionCheckTest {
  private final LiveConnections connections = new LiveConnections();
  private final List<CloseReason> closed = new ArrayList<>();
  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final LiveConnection connection =
      new LiveConnection(
          ClientAddress.of(loop),
          new ClientPhase.Connecting(),
          loop.eventLoop(),
          LoggedInClient.owner((reason, why) -> closed.add(reason)));

  @Test
  void aLoginThatAStuckLoopDecidedByTheOldRulesIsReviewedOnceTheLoopGoesOn() throws Exception {
    connections.add(connection);
    try (SecurityPolicy now = policy(Require.SSL)) {
      new ReadmissionCheck(connections).all(() -> now, Runnable::run);
      assertEquals(List.of(), closed);

      connection.enter(new ClientPhase.Commands(LoggedInClient.logIn()));
      runTheLoop();

      assertEquals(List.of(CloseReason.NO_LONGER_ADMITTED), closed);
    }
  }

  @Test
  void whatWaitsUntilAllHaveSettledRunsOnceAndNotBeforeTheLastLoopHas() {
    connections.add(connection);
    List<String> done = new ArrayList<>();

    connections.whenSettled(() -> done.add("settled"));
    assertEquals(List.of(), done);
    runTheLoop();
    assertEquals(List.of("settled"), done);

    connections.remove(connection);
    connections.whenSettled(() -> done.add("nobody there"));
    assertEquals(List.of("settled", "nobody there"), done);
  }

  private void runTheLoop() {
    loop.runPendingTasks();
    loop.runScheduledPendingTasks();
  }

  private static SecurityPolicy policy(Require require) throws Exception {
    ServerTls tls =
        ServerTls.load(
            OptionSources.read(
                RunningProxy.flags("127.0.0.1:1"), Map.of(), Path.of("no-option-file.cnf")));
    return new SecurityPolicy(
        Optional.of(tls), Optional.empty(), new Rules(false, require, Accounts.NONE));
  }
}
