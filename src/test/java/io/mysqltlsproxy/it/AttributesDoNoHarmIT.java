package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every shape of a login and a change of user, with attributes of every shape: what a server admits
 * through a proxy that adds none, it admits through one that adds its own.
 */
class AttributesDoNoHarmIT {
  private static final int CONNECT_WITH_DB = 1 << 3;
  private static final int CONNECT_ATTRS = 1 << 20;
  private static final String USER = "unharmed";

  /** A login and a change of user after it. */
  private record Shape(String name, byte[] login, byte[] change) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAServerAdmitsWithoutThemItAdmitsWithThem(ServerKind kind) throws IOException {
    TestServer server = kind.server();
    String most = server.sql("SELECT @@global.max_connect_errors").get(0).get(0);
    server.sql(
        "CREATE USER '" + USER + "'@'%'",
        "CREATE DATABASE IF NOT EXISTS it",
        "SET GLOBAL max_connect_errors = 1000000"); // for those that are refused without them, too
    List<String> different = new ArrayList<>();
    int admitted = 0;
    try (RunningProxy off = proxy(server, "OFF");
        RunningProxy on = proxy(server, "ON")) {
      for (Shape shape : shapes()) {
        List<String> without = outcome(off.address(), shape);
        List<String> with = outcome(on.address(), shape);
        for (int step = 0; step < without.size(); step++) {
          boolean ok = without.get(step).equals("OK");
          admitted += ok ? 1 : 0;
          if (ok && (with.size() <= step || !with.get(step).equals("OK"))) {
            different.add(shape + ": without " + without + ", with " + with);
          }
        }
      }
    } finally {
      server.sql("DROP USER '" + USER + "'@'%'", "SET GLOBAL max_connect_errors = " + most);
    }
    assertEquals(List.of(), different, () -> String.join("\n", different));
    assertTrue(admitted > 100, admitted + " admitted");
  }

  private static RunningProxy proxy(TestServer server, String attributes) {
    return RunningProxy.before(
        server.address(),
        "require-secure-transport=OFF",
        "require=NONE",
        "client-attributes=" + attributes);
  }

  private static List<String> outcome(InetSocketAddress address, Shape shape) throws IOException {
    List<String> outcomes = new ArrayList<>();
    try (RawClient client = RawClient.greeted(address)) {
      client.send(1, shape.login());
      outcomes.add(answer(client));
      if (outcomes.get(0).equals("OK")) {
        client.send(0, shape.change());
        outcomes.add(answer(client));
      }
    } catch (EOFException | SocketException e) {
      outcomes.add("closed");
    }
    return outcomes;
  }

  private static String answer(RawClient client) throws IOException {
    Packet answer = client.read();
    while (answer.first() == 0xFE) { // the password is empty for every plugin
      client.send(answer.sequenceId() + 1, new byte[0]);
      answer = client.read();
    }
    return answer.isOk() ? "OK" : answer.toString();
  }

  private static List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    int most = Wire.USUAL | Wire.LENENC_AUTH | CONNECT_WITH_DB;
    int optional = most & ~(Wire.LONG_PASSWORD | Wire.PROTOCOL_41);
    // Every subset of the flags by which a login is read.
    for (int some = optional; ; some = (some - 1) & optional) {
      int flags = (most & ~optional) | some;
      shapes.addAll(shapes(flags));
      if (some == 0) {
        return shapes;
      }
    }
  }

  private static List<Shape> shapes(int flags) {
    List<Shape> shapes = new ArrayList<>();
    int number = 0;
    for (byte[] block : blocks()) {
      boolean attributes = block.length > 0;
      int all = attributes ? flags | CONNECT_ATTRS : flags;
      byte[] login = Wire.of().add(login(all)).add(block).bytes();
      for (byte[] change : changes(all, block)) {
        String name =
            "flags %x, attributes %d, change of user %s"
                .formatted(all, number, HexFormat.of().formatHex(change));
        shapes.add(new Shape(name, login, change));
      }
      number++;
    }
    return shapes;
  }

  private static byte[] login(int flags) {
    if ((flags & CONNECT_WITH_DB) == 0) {
      return Wire.login(flags, USER, new byte[0], Wire.NATIVE);
    }
    Wire login = Wire.of().add(Wire.login(flags & ~Wire.PLUGIN_AUTH, USER, new byte[0], ""));
    byte[] bytes = login.text("it").add(0).bytes();
    bytes[2] |= (byte) (flags >> 16);
    return (flags & Wire.PLUGIN_AUTH) == 0
        ? bytes
        : Wire.of().add(bytes).text(Wire.NATIVE).add(0).bytes();
  }

  /** None; empty; one; a forged one; a damaged one; a thousand bytes. */
  private static List<byte[]> blocks() {
    return List.of(
        new byte[0],
        new byte[] {0},
        Wire.of(4).text("\1a\1b").bytes(),
        Wire.of(19).text("\12_client_ip\0076.6.6.6").bytes(),
        Wire.of(6).text("\1a\1b\12c").bytes(),
        Wire.of(0xFC, 1000, 1000 >> 8).text("\1a\1b".repeat(250)).bytes());
  }

  /**
   * With the character sets latin1, utf8mb4 and one that MySQL 5 does not have, and with none.
   * MariaDB waits for a second before it refuses one, so all are whole.
   */
  private static List<byte[]> changes(int flags, byte[] block) {
    List<byte[]> changes = new ArrayList<>();
    byte[] head = Wire.of(0x11).text(USER).add(0, 0, 0).bytes();
    boolean plugins = (flags & Wire.PLUGIN_AUTH) != 0;
    if (!plugins && block.length == 0) {
      changes.add(head);
    }
    for (int collation : List.of(8, 224, 255)) {
      Wire change = Wire.of().add(head).add(collation, 0);
      if (plugins) {
        change.text(Wire.NATIVE).add(0);
      }
      changes.add(change.add(block).bytes());
    }
    return changes;
  }
}
