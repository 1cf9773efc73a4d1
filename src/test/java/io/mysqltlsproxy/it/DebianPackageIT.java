package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Docker;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The Debian package, over its life on a machine with systemd: installed, started as it says
 * itself, upgraded, removed and purged; in front of a real server.
 */
class DebianPackageIT {
  private static final String SERVICE = SystemdMachine.SERVICE;
  private static final String OPTION_FILE = "/etc/mysql-tls-proxy.cnf";
  private static final String KEY = "/etc/mysql-tls-proxy/server-key.pem";

  @AutoClose private static final SystemdMachine MACHINE = new SystemdMachine();

  @BeforeAll
  static void startAMachine() throws IOException {
    MACHINE.start();
    MACHINE.copy(packaged(), "/first.deb");
  }

  @Test
  void itIsInstalledAndServesAndIsUpgradedAndRemovedAndPurged() throws IOException {
    String said = type("dpkg --install /first.deb");
    assertTrue(type("id " + SERVICE).contains("(mysql-tls-proxy)"));
    assertEquals("750 root mysql-tls-proxy", type("stat -c '%a %U %G' /etc/mysql-tls-proxy"));
    assertTrue(type("mysql-tls-proxy --version").startsWith("mysql-tls-proxy "));
    assertEquals("inactive", type("systemctl is-active " + SERVICE + " || true"));
    String files = type("dpkg --listfiles " + SERVICE);
    assertTrue(files.contains("/usr/share/man/man1/mysql-tls-proxy-run.1\n"), files);
    type(
        "bash -c '. /usr/share/bash-completion/completions/mysql-tls-proxy"
            + " && complete -p mysql-tls-proxy'");

    TestServer server = Servers.mysql55();
    type("printf '%s\\n' port=0 backend=127.0.0.1:" + server.port() + " >>" + OPTION_FILE);
    List<String> commands = commandsIn(said);
    assertEquals(3, commands.size(), said);
    commands.forEach(DebianPackageIT::type);
    assertServes();
    assertEquals("enabled", type("systemctl is-enabled " + SERVICE));

    String process = MACHINE.mainPid();
    type(
        "dpkg-deb --raw-extract /first.deb /next && sed -i 's/^Version: .*/Version: 99.0.0/'"
            + " /next/DEBIAN/control && dpkg-deb --build /next /next.deb && dpkg --install"
            + " /next.deb");
    assertServes();
    assertNotEquals(process, MACHINE.mainPid(), "the new version runs");
    assertTrue(type("cat " + OPTION_FILE).contains("port=0"), "an edited option file is kept");

    type("dpkg --remove " + SERVICE);
    assertFalse(succeeds("pgrep -f mysql-tls-proxy.jar || systemctl is-active " + SERVICE));
    assertFalse(succeeds("command -v mysql-tls-proxy"));
    assertFalse(succeeds("systemctl cat " + SERVICE));
    assertFalse(succeeds("test -e /usr/share/mysql-tls-proxy"));
    type("test -f " + OPTION_FILE + " && test -f " + KEY);

    type("dpkg --purge " + SERVICE);
    assertFalse(succeeds("test -e " + OPTION_FILE));
    assertFalse(succeeds("dpkg --status " + SERVICE));
    type("test -f " + KEY);
  }

  /** What the package says to type at its first installation. */
  private static List<String> commandsIn(String said) {
    return said.lines()
        .map(line -> line.replaceFirst("^ +(\\d\\. )?", ""))
        .filter(line -> line.matches("(mysql-tls-proxy certs|chown|systemctl enable) .*"))
        .toList();
  }

  private static void assertServes() throws IOException {
    Docker.await(() -> ReadyLine.isIn(MACHINE.log()));
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ReadyLine.port(MACHINE.log()));
    try (RawClient client = RawClient.loggedIn(address, ClientTls.NONE, "root")) {
      client.run("DO 1");
    }
  }

  private static String type(String command) {
    return MACHINE.type(command);
  }

  private static boolean succeeds(String command) {
    return MACHINE.succeeds(command);
  }

  private static Path packaged() throws IOException {
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      return built.filter(file -> file.toString().endsWith(".deb")).findFirst().orElseThrow();
    }
  }
}
