package io.mysqltlsproxy.check;

import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.text.Phrases;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;

/** A client's packets of a login, over a connection that blocks. */
final class PacketExchange {
  private static final int MAX_LENGTH = 1 << 16;

  private InputStream in;
  private OutputStream out;
  private int sequenceId;

  PacketExchange(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Goes on over other streams, as the same exchange. */
  void goOn(InputStream input, OutputStream output) {
    in = input;
    out = output;
  }

  /** A command is next. */
  void restart() {
    sequenceId = 0;
  }

  /**
   * The first bytes, which stay to be read: a packet's header, and of what has arrived with it this
   * many more.
   */
  ByteBuf peek(int most) throws IOException {
    byte[] header = bytes(PacketHeader.LENGTH);
    byte[] more = bytes(Math.min(in.available(), most));
    ByteBuf seen = Unpooled.wrappedBuffer(header, more);
    in =
        new SequenceInputStream(
            new ByteArrayInputStream(header),
            new SequenceInputStream(new ByteArrayInputStream(more), in));
    return seen;
  }

  /**
   * The next payload.
   *
   * @throws EOFException when the connection was closed
   */
  ByteBuf read() throws IOException {
    ByteBuf header = Unpooled.wrappedBuffer(bytes(PacketHeader.LENGTH));
    int length = header.readUnsignedMediumLE();
    if (length > MAX_LENGTH) {
      throw new IOException(
          "it is not a MySQL server: a packet of " + Phrases.count(length, "byte"));
    }
    sequenceId = header.readUnsignedByte() + 1;
    return Unpooled.wrappedBuffer(bytes(length));
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection was closed");
    }
    return bytes;
  }

  /** Sends a payload, which is taken over. */
  void send(ByteBuf payload) throws IOException {
    ByteBuf packet = PacketHeader.frame(payload, sequenceId++, UnpooledByteBufAllocator.DEFAULT);
    packet.readBytes(out, packet.readableBytes());
    packet.release();
    out.flush();
  }
}
