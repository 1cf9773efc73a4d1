package io.mysqltlsproxy.testing;

import java.io.IOException;

/** Signals to processes on this machine. */
public final class Signals {
  private Signals() {}

  /**
   * Sends one.
   *
   * @param name without SIG: {@code STOP}
   * @throws IOException when there is no such process
   */
  public static void send(String name, long pid) throws IOException {
    try {
      int status = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
      if (status != 0) {
        throw new IOException("kill ended with status " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
