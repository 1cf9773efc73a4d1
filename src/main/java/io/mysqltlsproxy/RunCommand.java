package io.mysqltlsproxy;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;

/** {@code run}: the proxy, in the foreground. */
final class RunCommand {
  private RunCommand() {}

  /** Returns the exit status. */
  static int run(OptionValues values) throws OptionException {
    return 0;
  }
}
