package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.util.Arrays;

/**
 * A server process that stands still, by SIGSTOP, until this is closed: the kernel takes
 * connections for it, and nobody is greeted.
 */
public final class Standstill implements AutoCloseable {
  private final long pid;

  private Standstill(long pid) {
    this.pid = pid;
  }

  /** Stops a server whose process was started on this machine. */
  public static Standstill of(TestServer server) throws IOException {
    String port = "--port=" + server.port();
    long pid =
        ProcessHandle.allProcesses()
            .filter(
                process ->
                    process.info().arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(port::equals))
            .findFirst()
            .orElseThrow(() -> new IOException("no process with " + port))
            .pid();
    Signals.send("STOP", pid);
    return new Standstill(pid);
  }

  @Override
  public void close() throws IOException {
    Signals.send("CONT", pid);
  }
}
