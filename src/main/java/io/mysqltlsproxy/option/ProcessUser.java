package io.mysqltlsproxy.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user as whom the program runs: who must be able to read a file. */
public final class ProcessUser {
  private ProcessUser() {}

  /** {@code the user mysql}; {@code the user with the id 3307} where it has no name. */
  public static String described() {
    String name = System.getProperty("user.name", "?");
    if (!name.equals("?")) {
      return "the user " + name;
    }
    try {
      return "the user with the id " + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "the proxy's user";
    }
  }

  /** What to do about a file that may not be read, as a clause. */
  public static String readHint() {
    return "let " + described() + " read it, and enter its directories";
  }
}
