package io.mysqltlsproxy.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A minute of it with every test run; {@code src/test/bin/soak} runs it for half an hour. */
class SoakIT {
  private static final Duration DURATION =
      Duration.ofSeconds(Integer.getInteger("soak.seconds", 60));

  private static final Path REPORT = Path.of("target", "soak", "report.md");

  @Test
  void underFaultsNothingIsCorruptedLetInHangsOrGrows(@TempDir Path directory) throws Exception {
    for (Vintage vintage : Vintage.values()) {
      assumeTrue(vintage.unavailable().isEmpty(), vintage.unavailable()::toString);
    }
    try (Soak soak = new Soak(DURATION, directory)) {
      List<String> violations = soak.run();
      soak.report(REPORT);

      assertEquals(List.of(), violations);
    }
  }
}
