package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.ConnectOptions;
import io.mysqltlsproxy.option.ListenAddress;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.pem.Exposure;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Where the clients of {@code connect} connect: an address and port, or a Unix socket. */
final class DoorCheck {
  /** {@code S_ISVTX}, inode(7). */
  private static final int STICKY = 01000;

  private DoorCheck() {}

  static void check(OptionValues values, Findings findings) {
    Optional<Path> socket = values.get(ConnectOptions.SOCKET);
    if (socket.isPresent()) {
      Path file = socket.get().toAbsolutePath();
      check(file, Objects.requireNonNull(file.getParent(), "a socket is no root"), findings);
      findings.okUnlessFound(Item.PORT, "clients connect to " + file);
      return;
    }
    try {
      check(ListenAddress.of(values), findings);
    } catch (OptionException e) {
      findings.wrong(Item.PORT, e);
    }
  }

  private static void check(Path socket, Path directory, Findings findings) {
    if (!Files.isDirectory(directory)) {
      findings.wrong(
          Item.PORT,
          "there is no directory " + directory + " for the socket",
          "create it for the user of the proxy: install -d -m 755 " + directory);
      return;
    }
    if (!Files.isWritable(directory)) {
      findings.wrong(
          Item.PORT,
          "this user cannot create " + socket,
          "run this as the user of the proxy, and chown " + directory + " to that user");
    }
    Exposure writing = Exposure.ofWriting(directory);
    if (writing != Exposure.OWNER && !isSticky(directory)) {
      findings.warning(
          Item.PORT,
          (writing == Exposure.EVERYONE ? "everyone on this machine" : "the group of " + directory)
              + " can replace "
              + socket
              + " with another socket, and see the passwords of its clients",
          "chmod go-w " + directory);
    }
  }

  /** In such a directory only a file's owner can rename or remove it: chmod(1). */
  private static boolean isSticky(Path directory) {
    try {
      return ((Integer) Files.getAttribute(directory, "unix:mode") & STICKY) != 0;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static void check(InetSocketAddress address, Findings findings) {
    String shown = ListenAddress.shown(address);
    try {
      ListenAddress.probe(address);
      findings.ok(Item.PORT, "clients connect to " + shown);
    } catch (BindException e) {
      String why = String.valueOf(e.getMessage());
      if (why.contains("in use")) {
        findings.warning(
            Item.PORT,
            shown + " is in use",
            "ignore this if it is connect itself; otherwise "
                + ListenAddress.hint(why, address.getPort()));
      } else {
        findings.wrong(Item.PORT, shown + ": " + why, ListenAddress.hint(why, address.getPort()));
      }
    } catch (IOException e) {
      findings.wrong(Item.PORT, shown + ": " + e.getMessage(), "choose another address or port");
    }
  }
}
