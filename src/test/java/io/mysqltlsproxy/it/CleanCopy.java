package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** This clone as it was before its first build. */
final class CleanCopy {
  private CleanCopy() {}

  /**
   * Gives it to a command.
   *
   * @param command unpacks the tar archive that is its input, e.g. {@code tar -x -C /tmp/copy}
   */
  static void unpackBy(String command) {
    String copy = "set -o pipefail; tar --exclude=.git --exclude=target -c . | " + command;
    Tool.Result copied = Tool.run("bash", "-c", copy);
    assertEquals(0, copied.status(), copied::error);
  }
}
