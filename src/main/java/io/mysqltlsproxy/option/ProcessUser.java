package io.mysqltlsproxy.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The user as whom the program runs: who must be able to read a file. */
public final class ProcessUser {
  private static final Path OVERFLOW_UID = Path.of("/proc/sys/kernel/overflowuid");
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessUser() {}

  /** {@code the user mysql (uid 27)}; {@code uid 3307} where it has no name, as in a container. */
  public static String described() {
    String name = name();
    return uid()
        .map(uid -> name.equals("?") ? "uid " + uid : "the user " + name + " (uid " + uid + ")")
        .orElse("the user " + name);
  }

  /** As {@code chown} takes it, also outside of the container. */
  static String owner() {
    return uid().orElseGet(ProcessUser::name);
  }

  /** The number of the user, unsigned; empty where nobody tells. */
  public static Optional<Integer> number() {
    return uid().map(Integer::parseUnsignedInt);
  }

  /** Java calls a user that has no name "?". */
  private static String name() {
    return System.getProperty("user.name", "?");
  }

  /**
   * Whether a process of this user, as the kernel numbers it here, runs as the same user. The
   * overflow uid is nobody's: it stands for all users of other user namespaces.
   *
   * @param uid unsigned
   */
  public static boolean isOwn(int uid) {
    String its = Integer.toUnsignedString(uid);
    return uid().filter(its::equals).isPresent() && !its.equals(overflowUid());
  }

  private static String overflowUid() {
    try {
      return Files.readString(OVERFLOW_UID).strip();
    } catch (IOException e) {
      return "65534";
    }
  }

  /** The effective user's number, which only Linux tells without native code. */
  public static Optional<String> uid() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("Uid:"))
          .map(line -> line.split("\\s+", -1)[2])
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
