package io.mysqltlsproxy.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerMemoryTest {
  @ParameterizedTest
  @ValueSource(strings = {"memory.max", "memory/memory.limit_in_bytes"})
  void aLimitThatIsTooLowIsSaidWithTheMinimum(String file, @TempDir Path groups) throws Exception {
    Files.createDirectories(groups.resolve("memory"));
    Files.writeString(groups.resolve(file), (64L << 20) + "\n");

    String problem = ContainerMemory.problem(groups).orElseThrow();

    assertTrue(problem.startsWith("the memory limit of this container is 64 MiB"), problem);
    assertTrue(problem.contains("less than 96 MiB"), problem);
  }

  @Test
  void noLimitAndOneThatSufficesAreNoProblem(@TempDir Path groups) throws Exception {
    assertEquals(Optional.empty(), ContainerMemory.problem(groups));
    Files.writeString(groups.resolve("memory.max"), "max\n");
    assertEquals(Optional.empty(), ContainerMemory.problem(groups));
    Files.writeString(groups.resolve("memory.max"), (128L << 20) + "\n");
    assertEquals(Optional.empty(), ContainerMemory.problem(groups));
  }
}
