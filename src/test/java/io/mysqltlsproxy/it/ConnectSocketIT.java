package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code connect} on a Unix socket, which asks the kernel who its clients are. */
class ConnectSocketIT {
  private static final int NOBODY = 65534;

  private final Path socket;

  ConnectSocketIT(@TempDir Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    socket = directory.resolve("mysql.sock");
  }

  private RunningProxy connect(RunningProxy run, String... more) {
    List<String> options = new ArrayList<>(List.of("socket=" + socket));
    options.addAll(List.of(more));
    return RunningProxy.connecting(run.port(), options.toArray(String[]::new));
  }

  private Tool.Result query(int user) {
    return query(user, user, "--clear-groups");
  }

  /**
   * Queries.
   *
   * @param groups setpriv's option for the supplementary ones
   */
  private Tool.Result query(int user, int group, String groups) {
    assumeTrue(
        Tool.succeeds(List.of("mariadb", "--version"), Map.of())
            && Tool.succeeds(
                List.of("setpriv", "--reuid=" + NOBODY, "--clear-groups", "true"), Map.of()),
        "needs the mariadb client, and root");
    return Tool.run(
        "setpriv",
        "--reuid=" + user,
        "--regid=" + group,
        groups,
        "mariadb",
        "--no-defaults",
        "--socket=" + socket,
        "--user=root",
        "--skip-ssl",
        "-N",
        "-e",
        "SELECT 'welcome'");
  }

  @Test
  void onlyTheUsersOfTheListGetIn() throws Exception {
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address())) {
      try (RunningProxy connect = connect(run)) {
        assertEquals(
            "rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        Tool.Result refused = query(NOBODY);
        assertTrue(
            refused.error().contains("ERROR 1130")
                && refused.error().contains("not among --socket-users"),
            refused.error());
        assertTrue(connect.linesWith("the Unix socket, user " + NOBODY + ": refused: ") > 0);
        Tool.Result root = query(0);
        assertEquals("welcome", root.text().strip(), "root always may: " + root.error());
      }
      assertFalse(Files.exists(socket), "the file goes with the proxy");
      try (RunningProxy connect = connect(run, "socket-users=" + NOBODY)) {
        Tool.Result welcome = query(NOBODY);
        assertEquals("welcome", welcome.text().strip(), welcome.error());
        assertEquals(0, connect.linesWith("refused"));
      }
      try (RunningProxy connect = connect(run, "socket-users=*")) {
        assertEquals("welcome", query(NOBODY).text().strip());
        assertEquals(0, connect.linesWith("refused"));
      }
    }
  }

  @Test
  void theMembersOfAListedGroupGetInByEachOfTheirGroups() throws Exception {
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address());
        RunningProxy connect = connect(run, "socket-users=@4711,@0")) {
      assertEquals("welcome", query(NOBODY, 4711, "--clear-groups").text().strip());
      assertEquals("welcome", query(NOBODY, NOBODY, "--groups=4712,4711").text().strip());
      assertEquals("welcome", query(NOBODY, 0, "--clear-groups").text().strip());
      assertEquals(0, connect.linesWith("refused"));
      assertTrue(query(NOBODY, NOBODY, "--groups=4712").error().contains("ERROR 1130"));
      assertTrue(query(4711, 4712, "--clear-groups").error().contains("ERROR 1130"));
    }
  }

  @Test
  void theFileOfAProcessThatIsGoneIsReplacedAndNoOther() throws Exception {
    try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      gone.bind(UnixDomainSocketAddress.of(socket));
    }
    assertTrue(Files.exists(socket));
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address())) {
      try (RunningProxy connect = connect(run)) {
        assertEquals(0, connect.connections());
        assertEquals("cannot listen at " + socket + ": Address already in use", failure(run));
      }
      Files.writeString(socket, "somebody's notes");
      assertEquals(
          "cannot listen at " + socket + ": there is a file that is not a socket", failure(run));
      assertEquals("somebody's notes", Files.readString(socket));
    }
  }

  private String failure(RunningProxy run) {
    UncheckedIOException failure =
        assertThrows(UncheckedIOException.class, () -> connect(run).close());
    return String.valueOf(failure.getCause() == null ? "" : failure.getCause().getMessage());
  }
}
