package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.codec.PacketHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client sends after its login. */
public enum CommandShape {
  /** A point select by itself. */
  SELECT(1) {
    @Override
    ByteBuf bytes() {
      return select();
    }
  },
  /** 32 point selects at once. */
  PIPELINED(32) {
    @Override
    ByteBuf bytes() {
      ByteBuf bytes = Unpooled.buffer();
      for (int i = 0; i < packets(); i++) {
        bytes.writeBytes(select());
      }
      return bytes;
    }
  },
  /** One statement of 1 MB. */
  LARGE_STATEMENT(1) {
    @Override
    ByteBuf bytes() {
      return packet(0, COM_QUERY, new byte[1 << 20]);
    }
  },
  /** 256 packets of a file of 16 KB each: sequence id 0 comes round once. */
  FILE(256) {
    @Override
    ByteBuf bytes() {
      ByteBuf bytes = Unpooled.buffer();
      for (int i = 0; i < packets(); i++) {
        bytes.writeBytes(packet(i, (byte) 'x', new byte[16 << 10]));
      }
      return bytes;
    }
  };

  private static final byte COM_QUERY = 0x03;

  private final int packets;

  CommandShape(int packets) {
    this.packets = packets;
  }

  int packets() {
    return packets;
  }

  abstract ByteBuf bytes();

  /** The bytes as they come out of TLS, a record's worth at most in each. */
  List<byte[]> readings(int most) {
    ByteBuf bytes = bytes();
    List<byte[]> readings = new ArrayList<>();
    while (bytes.isReadable()) {
      byte[] reading = new byte[Math.min(most, bytes.readableBytes())];
      bytes.readBytes(reading);
      readings.add(reading);
    }
    return readings;
  }

  static ByteBuf select() {
    return packet(
        0, COM_QUERY, "SELECT c FROM sbtest1 WHERE id=5015".getBytes(StandardCharsets.US_ASCII));
  }

  private static ByteBuf packet(int id, byte first, byte[] rest) {
    return Unpooled.buffer(PacketHeader.LENGTH + 1 + rest.length)
        .writeMediumLE(1 + rest.length)
        .writeByte(id)
        .writeByte(first)
        .writeBytes(rest);
  }
}
