package io.mysqltlsproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace of Linux for a server whose clients must not come from a loopback address:
 * only this machine reaches it, over a pair of veth devices.
 *
 * <p>In it, {@code /etc/hosts} gives this machine's address a name, as a server asks for when it
 * counts a host's errors. A process has at most one at a time; all of it is removed with this JVM
 * at the latest.
 */
public final class NetworkNamespace implements AutoCloseable {
  private static final String MACHINE_NAME = "proxy.test";

  // Device names have 15 characters at most, process ids 7 digits.
  private static final String NAME = "proxyit" + ProcessHandle.current().pid();
  private static final Path ETC = Path.of("/etc/netns", NAME);

  // Of 198.18.0.0/15, which RFC 2544 sets aside for tests: in use on no network. 4 for each
  // process.
  private static final int NET = (int) (ProcessHandle.current().pid() % (1 << 15)) * 4;
  private static final String MACHINE = address(1);
  private static final String SERVER = address(2);

  private final Thread hook = new Thread(NetworkNamespace::remove, "namespace-end");

  private NetworkNamespace() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Why there can be none here, or empty when there can. */
  public static Optional<String> unavailable() {
    if (!System.getProperty("user.name").equals("root")) {
      return Optional.of("a network namespace can be made by root only");
    }
    try {
      ip("-Version");
    } catch (IOException e) {
      return Optional.of("ip (iproute2) is not installed: src/test/bin/install-tools");
    }
    try {
      ip("netns", "add", NAME);
      ip("netns", "delete", NAME);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("no network namespace can be made here: " + e.getMessage());
    }
  }

  /**
   * Makes it.
   *
   * @throws IOException when {@code ip} fails, with what it says
   */
  public static NetworkNamespace create() throws IOException {
    NetworkNamespace namespace = new NetworkNamespace();
    try {
      ip("netns", "add", NAME);
      Files.createDirectories(ETC);
      Files.writeString(
          ETC.resolve("hosts"), "127.0.0.1 localhost\n" + MACHINE + " " + MACHINE_NAME + "\n");
      ip("link", "add", NAME, "type", "veth", "peer", "name", "eth0", "netns", NAME);
      ip("address", "add", MACHINE + "/30", "dev", NAME);
      ip("link", "set", NAME, "up");
      ip("-netns", NAME, "address", "add", SERVER + "/30", "dev", "eth0");
      ip("-netns", NAME, "link", "set", "eth0", "up");
      return namespace;
    } catch (IOException e) {
      namespace.close();
      throw e;
    }
  }

  /** Where a server in it runs. */
  Place place() {
    try {
      return new Place(
          List.of("ip", "netns", "exec", NAME), InetAddress.getByName(SERVER), MACHINE_NAME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    remove();
  }

  /** Takes what is there of it; one veth device takes its peer along. */
  private static void remove() {
    for (String[] command : new String[][] {{"link", "delete", NAME}, {"netns", "delete", NAME}}) {
      try {
        ip(command);
      } catch (IOException e) {
        System.err.println("not removed: " + e.getMessage());
      }
    }
    if (Files.exists(ETC)) {
      ServerFiles.delete(ETC);
    }
  }

  private static void ip(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    int status = process.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with status " + status + ": " + output);
    }
  }

  private static String address(int host) {
    int low = NET + host;
    return "198." + (18 + (low >> 16)) + "." + (low >> 8 & 0xFF) + "." + (low & 0xFF);
  }
}
