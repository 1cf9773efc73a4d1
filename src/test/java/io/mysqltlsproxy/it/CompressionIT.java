package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Compression is not offered: docs/compatibility.md has the error and the remedy. */
class CompressionIT {
  private static final String ERROR =
      "ERROR 2066 (HY000): Connection failed due to wrongly configured compression algorithm";

  @Test
  void aClientThatInsistsOnItIsToldAndOneThatAllowsUncompressedConnectsWithoutIt()
      throws Exception {
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address());
        ClientImage mysql = new ClientImage("mysql:9.7")) {
      mysql.unavailable().ifPresent(Assumptions::abort);

      Tool.Result insisting = connect(mysql, proxy, "zlib");
      Tool.Result allowing = connect(mysql, proxy, "zlib,uncompressed");

      assertNotEquals(0, insisting.status());
      assertTrue(insisting.error().contains(ERROR), insisting.error());
      assertEquals(0, allowing.status(), allowing.error());
      assertEquals("Compression\tOFF", allowing.text().strip());
    }
  }

  /** It sets the flag although compression is not offered, and would compress all that it sends. */
  @Test
  void phpIsToldAtOnceToTurnItOff() throws Exception {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("php", "-r", "exit((int) !extension_loaded('mysqli'));"), Map.of()),
        "php with mysqli");
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address())) {
      String script =
          "mysqli_report(MYSQLI_REPORT_OFF); $c = mysqli_init();"
              + "@$c->real_connect('127.0.0.1', 'root', '', null, "
              + proxy.port()
              + ", null, MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT"
              + " | MYSQLI_CLIENT_COMPRESS);"
              + "echo mysqli_connect_errno(), ' ', mysqli_connect_error();";

      Tool.Result result = Tool.run(new ProcessBuilder("php", "-r", script));

      assertTrue(
          result
              .text()
              .contains(
                  "1043 Bad handshake (mysql-tls-proxy: the client asks for compression, which"
                      + " was"),
          result.text() + result.error());
    }
  }

  private static Tool.Result connect(ClientImage mysql, RunningProxy proxy, String algorithms)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("mysql", "--no-defaults", "--user=root"));
    command.addAll(List.of("--host=127.0.0.1", "--port=" + proxy.port()));
    command.addAll(List.of("--compression-algorithms=" + algorithms, "--skip-column-names"));
    command.add("--execute=SHOW STATUS LIKE 'Compression'");
    return mysql.run(command, Map.of());
  }
}
