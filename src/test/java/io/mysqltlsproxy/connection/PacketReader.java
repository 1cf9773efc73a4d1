package io.mysqltlsproxy.connection;

import java.util.Arrays;

/** Bytes as one side of a connection has received them, cut into packets the simplest way. */
final class PacketReader {
  private byte[] bytes = {};
  private int at;
  private int packets;
  private int lastId = -1;

  void add(byte[] more) {
    int old = bytes.length;
    bytes = Arrays.copyOf(bytes, old + more.length);
    System.arraycopy(more, 0, bytes, old, more.length);
  }

  /** Whether there is another packet to its end. */
  boolean hasNext() {
    return bytes.length - at >= 4 && bytes.length - at - 4 >= length();
  }

  /** Its payload. */
  byte[] next() {
    int start = at + 4;
    int end = start + length();
    lastId = bytes[at + 3] & 0xFF;
    at = end;
    packets++;
    return Arrays.copyOfRange(bytes, start, end);
  }

  private int length() {
    return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16;
  }

  /** How many packets have been read. */
  int packets() {
    return packets;
  }

  /** The sequence id of the last of them; -1 where there was none. */
  int lastId() {
    return lastId;
  }
}
