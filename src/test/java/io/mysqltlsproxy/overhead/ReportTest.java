package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.option.Backend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final IdleMemory MEMORY =
      new IdleMemory(
          Ways.PROXY_TLS,
          List.of(new IdleMemory.Point(0, 80_000_000), new IdleMemory.Point(100, 81_000_000)),
          Optional.empty());

  @Test
  void whereMemoryWasAskedForAndCannotBeSeenTheReportSaysSo() throws Exception {
    assertEquals(
        List.of("No memory of idle connections was measured: this system has no /proc."),
        report(100, List.of()).findings());
  }

  @Test
  void whereMemoryWasMeasuredOrNotAskedForThereIsNothingToExplain() throws Exception {
    assertEquals(List.of(), report(100, List.of(MEMORY)).findings());
    assertEquals(List.of(), report(0, List.of()).findings());
  }

  private static Report report(int idle, List<IdleMemory> memory) throws Exception {
    Settings settings =
        new Settings(
            Backend.parse("127.0.0.1:3306"),
            new Account("engineer", new byte[0], "test"),
            Optional.empty(),
            List.of(1),
            1,
            Duration.ofSeconds(1),
            idle,
            Scope.WHOLE,
            List.of());
    return new Report(new Machine(Map.of()), settings, List.of(), memory);
  }
}
