package io.mysqltlsproxy.net;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The files that this process may have open, of which every connection is one. */
public final class OpenFiles {
  /** A client's own connection, and the one to the server. */
  private static final int FILES_A_CLIENT = 2;

  /** For the admin port, for files that are read again, and for clients that are turned away. */
  private static final int RESERVE = 128;

  private OpenFiles() {}

  /** How many there may be; empty where the system does not say. */
  public static OptionalLong limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? OptionalLong.of(system.getMaxFileDescriptorCount())
        : OptionalLong.empty();
  }

  /** How many clients the limit has room for beside what is open now, at least one. */
  public static OptionalLong clients() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? OptionalLong.of(
            Math.max(
                1,
                (system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - RESERVE)
                    / FILES_A_CLIENT))
        : OptionalLong.empty();
  }

  /**
   * How many files so many clients need, beside what is open now.
   *
   * @param clients at once
   */
  public static long needed(long clients) {
    long open =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getOpenFileDescriptorCount()
            : 0;
    return open + RESERVE + FILES_A_CLIENT * clients;
  }

  /** Whether this is what a process meets that has as many files open as it may. */
  public static boolean areExhausted(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("Too many open files")) {
        return true;
      }
    }
    return false;
  }

  /** {@code the limit of open files is 1024: raise it ...}: what to do about it. */
  public static String hint() {
    return "the limit of open files is "
        + (limit().isPresent() ? String.valueOf(limit().getAsLong()) : "unknown")
        + ": raise it (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of Docker), or lower"
        + " --max-connections";
  }
}
