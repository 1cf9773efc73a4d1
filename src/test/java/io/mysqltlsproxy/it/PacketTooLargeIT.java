package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that throws a client out says why, and the client learns it. */
@Timeout(180)
class PacketTooLargeIT {
  private static final int CLIENTS = 12;
  private static final int ER_NET_PACKET_TOO_LARGE = 1153;

  @ParameterizedTest
  @EnumSource(names = {"MYSQL_5_5", "MYSQL_5_6", "MARIADB_10_11", "MYSQL_9_7"})
  void allTwelveClientsLearnThatTheirQueryIsTooLarge(ServerKind kind) throws Exception {
    TestServer server = kind.server();
    String before = server.sql("SELECT @@GLOBAL.max_allowed_packet").get(0).get(0);
    server.sql("SET GLOBAL max_allowed_packet = 1048576");
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        seen.add(answerToAQueryOf(5 << 20, proxy));
      }

      assertEquals(Collections.nCopies(CLIENTS, "error " + ER_NET_PACKET_TOO_LARGE), seen);
    } finally {
      server.sql("SET GLOBAL max_allowed_packet = " + before);
    }
  }

  private static String answerToAQueryOf(int bytes, RunningProxy proxy) {
    try (RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
      client.send(2, Wire.login("root"));
      Packet login = client.read();
      if (login.first() == 0xFE) {
        client.send(login.sequenceId() + 1, new byte[0]);
        login = client.read();
      }
      assertTrue(login.isOk(), login.toString());
      client.send(0, Wire.query("SELECT '" + "x".repeat(bytes) + "'"));
      Packet answer = client.read();
      return "error " + answer.errorCode();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
