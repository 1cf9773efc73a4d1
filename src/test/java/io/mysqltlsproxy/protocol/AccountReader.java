package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.util.HexFormat;

/**
 * Asks a server how it reads the bytes of an account's name. It must let everybody in, as the
 * anonymous user: then {@code USER()} is the name as it was read.
 */
final class AccountReader implements AutoCloseable {
  private static final int FLAGS = Wire.USUAL;

  private final TestServer server;
  private final String plugin;
  private RawClient client;

  private AccountReader(TestServer server, String plugin, RawClient client) {
    this.server = server;
    this.plugin = plugin;
    this.client = client;
  }

  static AccountReader of(TestServer server) throws IOException {
    boolean old = server.version().matches("(5\\.|1\\d\\.).*");
    String plugin = old ? Wire.NATIVE : "caching_sha2_password";
    AccountReader reader = new AccountReader(server, plugin, RawClient.greeted(server.address()));
    reader.enter(login(new byte[] {'x'}, 45, plugin), 1);
    return reader;
  }

  private static byte[] login(byte[] name, int collation, String plugin) {
    byte[] login = Wire.login(FLAGS, new String(name, ISO_8859_1), new byte[0], plugin);
    login[8] = (byte) collation;
    return login;
  }

  /** The name after a login with it, on a connection of its own. */
  String byLogin(byte[] name, int collation) throws IOException {
    try (RawClient one = RawClient.greeted(server.address())) {
      RawClient before = client;
      client = one;
      try {
        return enter(login(name, collation, plugin), 1) ? user() : "denied";
      } finally {
        client = before;
      }
    }
  }

  /** The name after a change of user to it; {@code collation} negative to leave it out. */
  String byChange(byte[] name, int collation) throws IOException {
    Wire change = Wire.of(0x11).add(name).add(0, 0, 0);
    if (collation >= 0) {
      change.add(collation, collation >> 8).text(plugin).add(0);
    } else {
      client.run("SET NAMES swe7"); // the worst that a session can have
    }
    if (enter(change.bytes(), 0)) {
      return user();
    }
    client.close();
    client = RawClient.greeted(server.address());
    enter(login(new byte[] {'x'}, 45, plugin), 1);
    return "denied";
  }

  private boolean enter(byte[] packet, int sequenceId) throws IOException {
    client.send(sequenceId, packet);
    Packet answer = client.read();
    while (answer.first() == 0xFE || answer.first() == 1) {
      if (answer.first() == 0xFE) {
        client.send(answer.sequenceId() + 1, new byte[0]);
      }
      answer = client.read();
    }
    return answer.isOk();
  }

  private String user() throws IOException {
    client.run("SET NAMES utf8"); // in swe7 an @ is no @
    client.send(
        0,
        Wire.query(
            "SELECT HEX(CONVERT(SUBSTRING_INDEX(USER(), '@', CHAR_LENGTH(USER())"
                + " - CHAR_LENGTH(REPLACE(USER(), '@', ''))) USING utf8))"));
    client.read();
    client.read();
    client.read();
    byte[] row = client.read().payload();
    client.read();
    return new String(
        HexFormat.of().parseHex(new String(row, 1, row.length - 1, ISO_8859_1)), UTF_8);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
