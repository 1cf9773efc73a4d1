package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.tls.trust.HostileChains.Chain;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client without a certificate of its own can make the proxy do. */
class HostileChainsTest {
  /** Of processor time, once warm; a benchmark says how much it really is. */
  private static final long MAX_MILLIS = 60;

  @ParameterizedTest
  @EnumSource(Chain.class)
  void aChainMadeToCostTimeIsRefusedSoon(Chain chain) {
    HostileChains made = HostileChains.make(chain);
    for (int i = 0; i < 20; i++) {
      assertTrue(!made.judge().isEmpty(), "admitted");
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = threads.getCurrentThreadCpuTime();
      String problem = made.judge();
      best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
      assertEquals(made.judge(), problem);
    }
    assertTrue(best < MAX_MILLIS * 1_000_000, best / 1000 + " µs");
  }
}
