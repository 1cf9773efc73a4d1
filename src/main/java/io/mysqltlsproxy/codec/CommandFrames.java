package io.mysqltlsproxy.codec;

import io.mysqltlsproxy.protocol.Command;
import io.netty.buffer.ByteBuf;

/**
 * Follows the client's bytes after the login by their packet headers alone, and stops before each
 * packet that could be a COM_CHANGE_USER, and before each COM_QUERY that the {@link QueryFilter}
 * wants to see.
 *
 * <p>That is every packet with sequence id 0 whose payload begins with 0x11 and which does not
 * continue one of {@link PacketHeader#MAX_PAYLOAD} bytes: servers read a command nowhere else, and
 * a continuation cannot wrap round to 0 below 4 GB, four times the largest {@code
 * max_allowed_packet}. MariaDB's COM_MULTI (0xFE), which could carry one inside, is stopped at too.
 *
 * <p>A file that LOAD DATA LOCAL sends wraps to sequence id 0 every 256 packets, so it can look the
 * same; {@link #mayBeFileData} tells where.
 */
public final class CommandFrames {
  /** Which of the client's queries to stop before. */
  public interface QueryFilter {
    /** How many bytes of a payload {@link #mayMatch} needs to see at most. */
    int decisiveLength();

    /**
     * Whether a COM_QUERY may be one to look into, by its length and what is there of it.
     *
     * @param at the index of the payload's first byte
     * @param length the payload's length in bytes, of which not all need be there yet
     */
    boolean mayMatch(ByteBuf data, int at, int length);
  }

  private final QueryFilter queries;
  private int remaining;
  private int previousLength;
  private int previousId;

  /** Follows a client from its first command on. */
  public CommandFrames(QueryFilter queries) {
    this.queries = queries;
  }

  /**
   * Counts the bytes that may go on to the server.
   *
   * @param data everything that was received and has not gone on yet
   * @return how many readable bytes may go; those behind them are a possible COM_CHANGE_USER, or
   *     too few to tell, and must be offered again with more behind them
   */
  public int scan(ByteBuf data) {
    int start = data.readerIndex();
    int end = data.writerIndex();
    int at = start;
    while (true) {
      int skipped = Math.min(remaining, end - at);
      at += skipped;
      remaining -= skipped;
      if (end - at < PacketHeader.LENGTH) {
        return at - start;
      }
      int length = data.getUnsignedMediumLE(at);
      int id = data.getUnsignedByte(at + 3);
      boolean command = id == 0 && length > 0 && previousLength != PacketHeader.MAX_PAYLOAD;
      if (command
          && (end - at == PacketHeader.LENGTH
              || isStopped(data, at + PacketHeader.LENGTH, length))) {
        return at - start;
      }
      begin(length, id);
      at += PacketHeader.LENGTH;
    }
  }

  /** Whether what {@link #scan} stopped at is a packet to look into, seen far enough to tell. */
  public boolean stoppedAtCommand(ByteBuf data) {
    int payload = data.readableBytes() - PacketHeader.LENGTH;
    if (remaining > 0 || payload <= 0) {
      return false;
    }
    byte command = data.getByte(data.readerIndex() + PacketHeader.LENGTH);
    return command != Command.COM_QUERY
        || payload >= Math.min(commandLength(data), queries.decisiveLength());
  }

  /** The payload length of the packet that {@link #scan} stopped at, in bytes. */
  public static int commandLength(ByteBuf data) {
    return data.getUnsignedMediumLE(data.readerIndex());
  }

  /**
   * Whether the packet that {@link #scan} stopped at can be nothing but file data, to a server that
   * still listens: the packet before it had sequence id 255 and was no end of file. Read as a
   * command, that id would already have ended the session.
   */
  public boolean mayBeFileData() {
    return previousId == 0xFF && previousLength > 0;
  }

  /** Says that the packet at which {@link #scan} stopped goes on after all. */
  public void pass(ByteBuf data) {
    begin(commandLength(data), data.getUnsignedByte(data.readerIndex() + 3));
    remaining += PacketHeader.LENGTH;
  }

  /** Whether every packet is through to its end that has begun to go on. */
  public boolean betweenPackets() {
    return remaining == 0;
  }

  private void begin(int length, int id) {
    remaining = length;
    previousLength = length;
    previousId = id;
  }

  private boolean isStopped(ByteBuf data, int at, int length) {
    byte command = data.getByte(at);
    return command == Command.COM_QUERY
        ? queries.mayMatch(data, at, length)
        : command == Command.COM_CHANGE_USER || command == (byte) Command.COM_MULTI;
  }
}
