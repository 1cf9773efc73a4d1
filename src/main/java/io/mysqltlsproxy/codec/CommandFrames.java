package io.mysqltlsproxy.codec;

import io.mysqltlsproxy.codec.PacketFormatException.Problem;
import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.protocol.Command;
import io.netty.buffer.ByteBuf;

/**
 * Follows the client's bytes after the login by their packet headers alone, tells the {@link
 * ResponseTracker} of each command, and stops before each COM_CHANGE_USER, and before each
 * COM_QUERY that the {@link QueryFilter} wants to see.
 *
 * <p>A command is every packet with sequence id 0 that does not continue one of {@link
 * PacketHeader#MAX_PAYLOAD} bytes, while the server wants no file: servers read a command nowhere
 * else, and a continuation cannot wrap round to 0 below 4 GB, four times the largest {@code
 * max_allowed_packet}. MariaDB's COM_MULTI (0xFE), which could carry one inside, is stopped at too.
 *
 * <p>While the server may yet ask for a file, a command waits: the server would read it as the
 * file.
 *
 * <p>Another sequence id is that of a file for LOAD DATA LOCAL, which wraps to 0 every 256 packets.
 * Whether the server wants one must be known before such a packet may go.
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
     * @param length the payload's length in bytes, not all of which may have arrived
     */
    boolean mayMatch(ByteBuf data, int at, int length);
  }

  private final QueryFilter queries;
  private final ResponseTracker responses;
  private int remaining;
  private boolean continues;
  private boolean waitsForServer;

  /**
   * Follows a client from its first command on.
   *
   * @param responses learns of the client's commands
   */
  public CommandFrames(QueryFilter queries, ResponseTracker responses) {
    this.queries = queries;
    this.responses = responses;
  }

  /**
   * Counts the bytes that may go on to the server, and takes them for gone.
   *
   * @param data everything that was received and has not gone on yet
   * @return how many readable bytes may go; those behind them are a command to look into, too few
   *     to tell, or must wait for the server, and must be offered again
   * @throws PacketFormatException for a sequence id that no server takes
   */
  public int scan(ByteBuf data) throws PacketFormatException {
    int start = data.readerIndex();
    int end = data.writerIndex();
    int at = start;
    waitsForServer = false;
    while (true) {
      int skipped = Math.min(remaining, end - at);
      at += skipped;
      remaining -= skipped;
      if (end - at < PacketHeader.LENGTH
          || !mayGo(data, at, data.getUnsignedMediumLE(at), data.getUnsignedByte(at + 3))) {
        return at - start;
      }
      begin(data.getUnsignedMediumLE(at));
      at += PacketHeader.LENGTH;
    }
  }

  /** Whether what {@link #scan} stopped at cannot go before the server has said more. */
  public boolean waitsForServer() {
    return waitsForServer;
  }

  /** Whether what {@link #scan} stopped at is a command to look into, seen far enough to tell. */
  public boolean stoppedAtCommand(ByteBuf data) {
    int payload = data.readableBytes() - PacketHeader.LENGTH;
    if (remaining > 0 || payload <= 0 || waitsForServer) {
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

  /** Says that the command at which {@link #scan} stopped goes on after all. */
  public void pass(ByteBuf data) {
    int length = commandLength(data);
    responses.command(data.getUnsignedByte(data.readerIndex() + PacketHeader.LENGTH), length);
    begin(length);
    remaining += PacketHeader.LENGTH;
  }

  /** Whether the server has every packet to its end that has begun to go on. */
  public boolean isBetweenPackets() {
    return remaining == 0 && !continues;
  }

  private boolean mayGo(ByteBuf data, int at, int length, int id) throws PacketFormatException {
    State state = responses.state();
    if (state == State.FILE_WANTED) {
      if (id != responses.nextId()) {
        throw outOfOrder(id, responses.nextId());
      }
      responses.filePacket(length == 0 && !continues);
      return true;
    }
    if (continues) {
      responses.commandContinues();
      return true;
    }
    if (responses.mayWaitForFile()) {
      throw new PacketFormatException(
          Problem.OUT_OF_ORDER,
          "a packet behind a query when it is not known whether the server waits for a file: "
              + responses.problem());
    }
    if (id == 0) {
      return commandMayGo(data, at + PacketHeader.LENGTH, length);
    }
    if (state == State.IDLE) {
      throw outOfOrder(id, 0);
    }
    waitsForServer = state == State.ANSWERING;
    return !waitsForServer;
  }

  private static PacketFormatException outOfOrder(int id, int due) {
    return new PacketFormatException(
        Problem.OUT_OF_ORDER, "a packet with sequence id " + id + " where " + due + " was due");
  }

  /** Servers read an empty packet as the command 0. */
  private boolean commandMayGo(ByteBuf data, int at, int length) {
    boolean isHere = length == 0 || at < data.writerIndex();
    if (!isHere || (length > 0 && isStopped(data, at, length))) {
      return false;
    }
    waitsForServer = !responses.acceptsCommand();
    if (!waitsForServer) {
      responses.command(length == 0 ? 0 : data.getUnsignedByte(at), length);
    }
    return !waitsForServer;
  }

  private void begin(int length) {
    remaining = length;
    continues = length == PacketHeader.MAX_PAYLOAD;
  }

  private boolean isStopped(ByteBuf data, int at, int length) {
    byte command = data.getByte(at);
    return command == Command.COM_QUERY
        ? queries.mayMatch(data, at, length)
        : command == Command.COM_CHANGE_USER || command == (byte) Command.COM_MULTI;
  }
}
