package io.mysqltlsproxy.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.connection.ConnectionEvents;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.connection.SecurityPolicy;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The proxy of {@code check connect}, while an account is tried. */
class TrialDoorTest {
  private final ScriptedServer server;

  TrialDoorTest() throws Exception {
    server = ScriptedServer.polite();
  }

  @AfterEach
  void end() throws Exception {
    server.close();
  }

  private OptionValues values(String... options) throws Exception {
    return OptionSources.read(
        OptionSet.CONNECT,
        RunningProxy.connectFlags(server.port(), options),
        Map.of(),
        Path.of("no-option-file.cnf"));
  }

  private static Proxy proxy(OptionValues values, SecurityPolicy policy, TrialDoor door)
      throws Exception {
    ConnectionSettings settings =
        ConnectionSettings.from(
            values, PluginExchanges.load(values), () -> policy, ConnectionEvents.NONE);
    return Proxy.start(settings, door.entrance());
  }

  @Test
  void nobodyElseOnThisMachineIsServedByTcp() throws Exception {
    OptionValues values = values();
    try (SecurityPolicy policy = SecurityPolicy.load(values);
        TrialDoor door = TrialDoor.of(values);
        Proxy proxy = proxy(values, policy, door)) {
      try (Socket stranger = new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
        assertEquals(-1, stranger.getInputStream().read());
      }
      assertTrue(door.connect(proxy).in().read() >= 0);
    }
  }

  @Test
  void nobodyElseOnThisMachineReachesTheUnixSocket() throws Exception {
    OptionValues values = values("socket=/nowhere/mysql.sock");
    Path directory;
    try (SecurityPolicy policy = SecurityPolicy.load(values);
        TrialDoor door = TrialDoor.of(values);
        Proxy proxy = proxy(values, policy, door)) {
      directory = assertInstanceOf(TrialDoor.Unix.class, door).directory();
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
      assertTrue(door.connect(proxy).in().read() >= 0);
    }
    assertFalse(Files.exists(directory));
  }
}
