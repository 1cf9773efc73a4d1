package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // what fails is seen by what is not closed
class PacedClosingTest {
  private static final int CONNECTIONS = 1000;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final AtomicLong clock = new AtomicLong();
  private final PacedClosing closing = new PacedClosing(clock::get);
  private final List<Integer> closed = new ArrayList<>();
  private final CountDownLatch left = new CountDownLatch(CONNECTIONS);

  @AfterEach
  void end() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  @Test
  void othersOnTheLoopWaitForAMillisecondsWorthOfClosingAndNotForAll() throws Exception {
    List<Integer> seen = new ArrayList<>();
    loop.execute(
        () -> {
          for (int i = 0; i < CONNECTIONS; i++) {
            int number = i;
            closing.close(loop, () -> close(number));
          }
          watch(seen);
        });

    assertTrue(left.await(60, TimeUnit.SECONDS));

    // Ten closings of 100 µs fit in; with the one that goes over it is one more.
    int before = 0;
    for (int now : seen) {
      assertTrue(now - before <= 11, () -> "closed by each of the loop's rounds: " + seen);
      before = now;
    }
    assertTrue(seen.size() >= CONNECTIONS / 11, () -> "rounds: " + seen);
  }

  @Test
  void allAreClosedInOrderWhateverOneOfThemThrows() throws Exception {
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int number = i;
      expected.add(number);
      closing.close(
          loop,
          () -> {
            close(number);
            if (number == CONNECTIONS / 2) {
              throw new IllegalStateException("of the test");
            }
          });
    }

    assertTrue(left.await(60, TimeUnit.SECONDS));

    assertEquals(expected, closed);
  }

  /** What a channel would be to the loop: something to look after once in each of its rounds. */
  private void watch(List<Integer> seen) {
    seen.add(closed.size());
    if (closed.size() < CONNECTIONS) {
      loop.schedule(() -> watch(seen), 0, TimeUnit.NANOSECONDS);
    }
  }

  private void close(int number) {
    clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(100));
    closed.add(number);
    left.countDown();
  }
}
