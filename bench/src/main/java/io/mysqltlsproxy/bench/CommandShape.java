package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.codec.PacketHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client sends after its login, and what the server says to that. */
public enum CommandShape {
  /** A point select by itself. */
  SELECT {
    @Override
    List<Exchange> exchanges() {
      return List.of(new Exchange(select(), Unpooled.wrappedBuffer(PointSelect.answer())));
    }
  },
  /** 32 point selects at once. */
  PIPELINED {
    @Override
    List<Exchange> exchanges() {
      ByteBuf selects = Unpooled.buffer();
      ByteBuf answers = Unpooled.buffer();
      for (int i = 0; i < 32; i++) {
        selects.writeBytes(select());
        answers.writeBytes(PointSelect.answer());
      }
      return List.of(new Exchange(selects, answers));
    }
  },
  /** One statement of 1 MB. */
  LARGE_STATEMENT {
    @Override
    List<Exchange> exchanges() {
      return List.of(new Exchange(packet(0, COM_QUERY, 1 << 20), ok(1)));
    }
  },
  /** 256 packets of a file of 16 KB each: sequence id 0 comes round once. */
  FILE {
    @Override
    List<Exchange> exchanges() {
      ByteBuf file = Unpooled.buffer();
      for (int id = 2; id < 258; id++) {
        file.writeBytes(packet(id & 0xFF, (byte) 'x', 16 << 10));
      }
      file.writeMediumLE(0).writeByte(258 & 0xFF);
      return List.of(
          new Exchange(select(), packet(1, (byte) 0xFB, 4)), new Exchange(file, ok(259 & 0xFF)));
    }
  },
  /** A result of 8,192 rows of 121 bytes, about 1 MB. */
  SMALL_ROWS {
    @Override
    List<Exchange> exchanges() {
      return List.of(new Exchange(select(), result(8192, 121)));
    }
  },
  /** A result of 16 rows of 1 MB. */
  LARGE_ROWS {
    @Override
    List<Exchange> exchanges() {
      return List.of(new Exchange(select(), result(16, 1 << 20)));
    }
  };

  /** What comes from the client, and then from the server. */
  record Exchange(ByteBuf commands, ByteBuf answers) {
    /** The client's bytes as they come out of TLS, a record's worth at most in each. */
    List<byte[]> commandsBy(int most) {
      return readings(commands, most);
    }

    /** The server's bytes as they are read. */
    List<byte[]> answersBy(int most) {
      return readings(answers, most);
    }

    private static List<byte[]> readings(ByteBuf bytes, int most) {
      List<byte[]> readings = new ArrayList<>();
      for (int at = 0; at < bytes.readableBytes(); at += most) {
        readings.add(ByteBufUtil.getBytes(bytes, at, Math.min(most, bytes.readableBytes() - at)));
      }
      return readings;
    }
  }

  private static final byte COM_QUERY = 0x03;

  abstract List<Exchange> exchanges();

  static ByteBuf select() {
    byte[] sql = "SELECT c FROM sbtest1 WHERE id=5015".getBytes(StandardCharsets.US_ASCII);
    ByteBuf packet = packet(0, COM_QUERY, sql.length);
    return packet.setBytes(PacketHeader.LENGTH + 1, sql);
  }

  private static ByteBuf ok(int id) {
    return packet(id, (byte) 0, 6);
  }

  private static ByteBuf result(int rows, int length) {
    ByteBuf result = Unpooled.buffer().writeBytes(PointSelect.head());
    int id = 4;
    for (int row = 0; row < rows; row++) {
      result.writeBytes(packet(id++ & 0xFF, (byte) 'x', length - 1));
    }
    return result.writeBytes(packet(id & 0xFF, (byte) 0xFE, 4));
  }

  private static ByteBuf packet(int id, byte first, int rest) {
    return Unpooled.buffer(PacketHeader.LENGTH + 1 + rest)
        .writeMediumLE(1 + rest)
        .writeByte(id)
        .writeByte(first)
        .writeZero(rest);
  }
}
