package io.mysqltlsproxy;

import io.mysqltlsproxy.option.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the program that is installed now, with the same arguments, to take over from this
 * process. As a child, it stays in the service that this process belongs to, with its user and its
 * sandbox.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a process tells its end by itself
final class Successor {
  /** The path by which the launcher was called, which sets it. */
  private static final String LAUNCHER = "io.mysqltlsproxy.launcher";

  private static final Logger log = LoggerFactory.getLogger("run");
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private final List<String> command;
  private boolean starting;

  private Successor(List<String> command) {
    this.command = command;
  }

  /** What starts one; where no launcher has started this process, as in the image, a warning. */
  static Runnable starter() {
    return find()
        .<Runnable>map(successor -> successor::start)
        .orElse(
            () -> log.warn("no successor: this process was not started by bin/{}", Main.PROGRAM));
  }

  private static Optional<Successor> find() {
    String launcher = System.getProperty(LAUNCHER, "");
    if (launcher.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<String> own = List.of(Files.readString(COMMAND_LINE).split("\0", -1));
      int jar = own.indexOf("-jar") + 1;
      if (jar < 1) {
        return Optional.empty();
      }
      List<String> command = new ArrayList<>(List.of(launcher));
      // Behind the last argument is one more NUL.
      command.addAll(own.subList(jar + 1, own.size() - 1));
      command.add("--" + Options.TAKEOVER.name() + "=ON");
      return Optional.of(new Successor(command));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Starts one, unless one is starting. If it fails, it has said why, and this process goes on. */
  synchronized void start() {
    if (starting) {
      return;
    }
    starting = true;
    log.info("starting a successor: {}", command.get(0));
    try {
      new ProcessBuilder(command).inheritIO().start().onExit().thenAccept(this::failed);
    } catch (IOException e) {
      log.error("no successor: {}", e.getMessage());
      starting = false;
    }
  }

  private synchronized void failed(Process successor) {
    log.error("the successor ended with status {}; this process goes on", successor.exitValue());
    starting = false;
  }
}
