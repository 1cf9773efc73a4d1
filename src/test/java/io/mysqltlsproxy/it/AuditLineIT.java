package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that would like to write the audit's lines itself, by its user name. */
class AuditLineIT {
  /** As long as a name may be for this server. */
  private static final String FORGED = "x\" outcome=\"y\n\\";

  @Test
  void inTextTheNameStaysOneQuotedValueOfOneLine() throws Exception {
    String line = onlyAuditLine("text", " audit: login ");

    String start = " audit: login outcome=refused reason=rule user=";
    assertTrue(line.contains(start + "\"x\\\" outcome=\\\"y?\\\\\" peer=127.0.0.1:"), line);
  }

  @Test
  void inJsonItStaysTheValueOfOneKey() throws Exception {
    String line = onlyAuditLine("json", "\"logger\":\"audit\"");

    String start = "\"message\":\"login\",\"outcome\":\"refused\",\"reason\":\"rule\",\"user\":";
    assertTrue(line.contains(start + "\"x\\\" outcome=\\\"y?\\\\\",\"peer\":\"127.0.0.1:"), line);
  }

  private static String onlyAuditLine(String format, String mark) throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        ProxyProcess process =
            ProxyProcess.before(server.address(), "require=X509", "log-format=" + format)) {
      try (RawClient client = RawClient.encrypted(process.ready(), ClientTls.NONE)) {
        client.send(2, Wire.login(FORGED));
        assertEquals(1045, client.read().errorCode());
      }
      Await.until(() -> !linesWith(mark, process).isEmpty());
      List<String> lines = linesWith(mark, process);
      assertEquals(1, lines.size(), lines::toString);
      return lines.get(0);
    }
  }

  private static List<String> linesWith(String mark, ProxyProcess process) throws IOException {
    return process.errors().stream().filter(line -> line.contains(mark)).toList();
  }
}
