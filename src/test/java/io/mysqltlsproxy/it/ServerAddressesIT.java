package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend name with several addresses, of which the first is down. */
class ServerAddressesIT {
  @AutoClose private final Opened opened = new Opened();

  @Test
  void clientsAndTheReadinessProbeReachTheAddressThatAnswers(@TempDir Path folder)
      throws Exception {
    ScriptedServer server = opened.keep(ScriptedServer.polite());
    Path hosts =
        Files.writeString(folder.resolve("hosts"), "127.0.0.9 db.test\n127.0.0.1 db.test\n");
    ProxyProcess process =
        opened.keep(
            ProxyProcess.start(
                ProxyProcess.options("db.test:" + server.port(), "admin-address=127.0.0.1:0"),
                "-Djdk.net.hosts.file=" + hosts));
    InetSocketAddress address = process.ready();

    RawClient client = opened.keep(RawClient.loggedIn(address, ClientTls.NONE, "root"));
    client.run("SELECT 1");
    assertEquals(200, AdminClient.of(process).get("/readyz").statusCode());
  }
}
