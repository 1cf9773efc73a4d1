package io.mysqltlsproxy.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mysqltlsproxy.metrics.EventLoops;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.Await;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminPortTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:9307", "[::]:9307", "192.0.2.1:9307"})
  void anAddressThatOthersReachNeedsTheirOption(String address) throws Exception {
    OptionException refused =
        assertThrows(
            OptionException.class,
            () -> AdminPort.from(values(Map.of("admin-address", address)), "version", "engine"));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("admin-address=" + address), message);
    assertTrue(
        message.contains("not a loopback address, and anyone who reaches it sees who is connected"),
        message);
    assertTrue(message.contains("give 127.0.0.1:PORT, or --admin-allow-remote=ON"), message);
    AdminPort.from(
            values(Map.of("admin-address", address, "admin-allow-remote", "ON")),
            "version",
            "engine")
        .orElseThrow()
        .close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:0", "[::1]:0", "127.8.9.10:0"})
  void aLoopbackAddressNeedsNone(String address) throws Exception {
    AdminPort.from(values(Map.of("admin-address", address)), "version", "engine")
        .orElseThrow()
        .close();
  }

  @Test
  @Timeout(180)
  void anEventLoopThatIsStuckMakesHealthFailUntilItTurnsAgain() throws Exception {
    DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(2);
    CountDownLatch stuck = new CountDownLatch(1);
    try {
      EventLoops loops = new EventLoops(group, new SimpleMeterRegistry());
      assertEquals(200, AdminPort.health(loops).status());
      group.next().execute(() -> await(stuck));

      Await.assertBecomes(503, () -> AdminPort.health(loops).status());
      assertTrue(
          AdminPort.health(loops).body().matches("unhealthy: an event loop has been stuck .*\n"));

      stuck.countDown();
      Await.assertBecomes(200, () -> AdminPort.health(loops).status());
    } finally {
      stuck.countDown();
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static OptionValues values(Map<String, String> flags) throws OptionException {
    return OptionSources.read(flags, Map.of(), Path.of("no-option-file.cnf"));
  }
}
