package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.protocol.Capabilities;
import java.io.DataInputStream;
import java.io.IOException;

/** MySQL's packets over blocking sockets. */
final class Packets {
  /** What both sides of the benchmarks can do. */
  static final Capabilities CAPABILITIES =
      new Capabilities(
          Capabilities.CLIENT_MYSQL
              | Capabilities.CLIENT_PROTOCOL_41
              | Capabilities.CLIENT_SECURE_CONNECTION);

  private Packets() {}

  /** One packet with its header. */
  static byte[] framed(int id, byte[] payload) {
    byte[] packet = new byte[4 + payload.length];
    packet[0] = (byte) payload.length;
    packet[1] = (byte) (payload.length >> 8);
    packet[3] = (byte) id;
    System.arraycopy(payload, 0, packet, 4, payload.length);
    return packet;
  }

  /** Reads one packet and returns its payload. */
  static byte[] read(DataInputStream in) throws IOException {
    int header = Integer.reverseBytes(in.readInt());
    byte[] payload = new byte[header & 0xFFFFFF];
    in.readFully(payload);
    return payload;
  }
}
