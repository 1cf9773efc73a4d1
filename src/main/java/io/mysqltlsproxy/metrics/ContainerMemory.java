package io.mysqltlsproxy.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How much memory the kernel lets the process have, by its control group. */
public final class ContainerMemory {
  /** Below this a JVM with its buffers is killed without a word as soon as clients come. */
  static final long MINIMUM = 96L << 20;

  /** Version 2 of control groups, then version 1. */
  private static final List<String> FILES = List.of("memory.max", "memory/memory.limit_in_bytes");

  private ContainerMemory() {}

  /** What is wrong with the limit, as one line; empty where it suffices, or there is none. */
  public static Optional<String> problem() {
    return problem(Path.of("/sys/fs/cgroup"));
  }

  static Optional<String> problem(Path groups) {
    return FILES.stream()
        .flatMap(file -> bytes(groups.resolve(file)).stream())
        .findFirst()
        .filter(limit -> limit < MINIMUM)
        .map(
            limit ->
                "the memory limit of this container is "
                    + (limit >> 20)
                    + " MiB, and with less than "
                    + (MINIMUM >> 20)
                    + " MiB the kernel may kill the proxy without a line in the log; raise it");
  }

  private static Optional<Long> bytes(Path file) {
    try {
      return Optional.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty(); // there is no such group, or its limit is "max"
    }
  }
}
