package io.mysqltlsproxy.codec;

import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * What the server still owes the client: follows its bytes after the login, from each command to
 * the end of its response, by the packet headers and the first bytes of those packets that tell.
 *
 * <pre>
 * IDLE ⇄ ANSWERING ⇄ FILE_WANTED
 *   └────────┴────────────┴──→ UNKNOWN
 * </pre>
 *
 * <p>Where a packet could be read in two ways, it is read in the one that waits for more: a
 * response may be taken for open that has ended, never the other way round. What fits no response
 * leads to {@link State#UNKNOWN}, for good.
 */
public final class ResponseTracker {
  /** What the server is doing. */
  public enum State {
    /** It waits for a command. */
    IDLE,
    /** It has commands to answer. */
    ANSWERING,
    /** It reads a file of the client's, up to the packet without a payload that ends it. */
    FILE_WANTED,
    /** Not known: it has sent what cannot be followed. */
    UNKNOWN
  }

  private static final int FIRST_ID = 1;

  /** As much of a packet as is looked at: an ERR packet's message has at most 512 bytes. */
  private static final int MAX_HEAD = PacketHeader.LENGTH + 600;

  private final CommandQueue commands = new CommandQueue();
  private final Response response;
  private final boolean sendsFiles;
  private State state = State.IDLE;
  private String problem = "";
  private boolean lastIsQueued;
  private boolean mayWaitForFile;
  private boolean begun;
  private Response.Step outcome = Response.Step.CONTINUES;
  private int nextId = FIRST_ID;
  private int remaining;
  private boolean continues;
  private byte[] head = {};
  private int headLength;

  /**
   * Follows a session from its login on.
   *
   * @param spoken the capabilities that both sides have
   */
  public ResponseTracker(Capabilities spoken) {
    response = new Response(spoken);
    sendsFiles = spoken.has(Capabilities.CLIENT_LOCAL_FILES);
  }

  public State state() {
    return state;
  }

  /** Why the state is {@link State#UNKNOWN}, as one clause; empty where it is another. */
  public String problem() {
    return problem;
  }

  /** Whether every packet of the server's that has begun to come is here to its end. */
  public boolean isBetweenPackets() {
    return remaining == 0 && headLength == 0 && !continues;
  }

  /**
   * The sequence id of the next packet, whichever side sends it; while the server is idle, of its
   * next response.
   */
  public int nextId() {
    return nextId;
  }

  /** Whether a transaction is open, by the last status that the server has sent. */
  public boolean isInTransaction() {
    return response.isInTransaction();
  }

  /** Whether a cursor has been opened and neither been read to its end nor closed. */
  public boolean hasOpenCursor() {
    return response.hasOpenCursor();
  }

  /** The message of the last response, where that was an ERR packet; else empty. */
  public String error() {
    return response.error();
  }

  /**
   * Whether one more command can be followed; if not, it must wait for a response. Behind a query
   * it must in any case where the client sends files: a server that asks for one would take the
   * command for it, and MySQL 5.5, once it has found that its number is wrong, reads on in the
   * midst of it.
   */
  public boolean acceptsCommand() {
    return !commands.isFull() && !isQueryOpen();
  }

  /** What is prepared asks for no file in those servers that do not end such a session. */
  private boolean isQueryOpen() {
    return sendsFiles && !commands.isEmpty() && commands.last() == ResponseKind.RESULTS;
  }

  /**
   * Whether it is {@link State#UNKNOWN} if the server waits for a file: then nothing may go any
   * more.
   */
  public boolean mayWaitForFile() {
    return mayWaitForFile;
  }

  /**
   * The first packet of a command goes to the server.
   *
   * @param command its first byte; 0 where it has none
   * @param length of its payload, in bytes
   */
  public void command(int command, int length) {
    if (command == Command.COM_STMT_CLOSE
        || command == Command.COM_STMT_RESET
        || command == Command.COM_RESET_CONNECTION) {
      response.cursorCloses();
    }
    ResponseKind kind = ResponseKind.of(command, length);
    mayWaitForFile |= state == State.UNKNOWN && sendsFiles && kind == ResponseKind.RESULTS;
    lastIsQueued = kind != ResponseKind.NONE && state != State.UNKNOWN;
    if (lastIsQueued) {
      commands.add(kind);
      if (state == State.IDLE) {
        state = State.ANSWERING;
        response.begin(kind);
      }
    }
  }

  /** One more packet of the last command goes to the server. */
  public void commandContinues() {
    if (lastIsQueued) {
      commands.lastContinues();
    }
  }

  /**
   * A packet of the file that is wanted goes to the server, under the {@link #nextId}.
   *
   * @param isEnd whether it has no payload, and continues none
   */
  public void filePacket(boolean isEnd) {
    nextId = following(nextId);
    if (isEnd) {
      state = State.ANSWERING;
    }
  }

  /** The server has sent this; the indices of the data stay where they are. */
  public void received(ByteBuf data) {
    int at = data.readerIndex();
    int end = data.writerIndex();
    while (at < end) {
      int there = end - at;
      if (remaining > 0) {
        int skipped = Math.min(remaining, there);
        remaining -= skipped;
        at += skipped;
        settle();
      } else if (headLength > 0) {
        keep(data, at++, 1);
        headGrew();
      } else if (there > PacketHeader.LENGTH && isRow(data, at)) {
        at += PacketHeader.LENGTH;
      } else if (there >= needed(data, at, there)) {
        packet(data, at);
        at += PacketHeader.LENGTH;
      } else {
        keep(data, at, there);
        return;
      }
    }
  }

  /** The short way for what most packets are. */
  private boolean isRow(ByteBuf data, int at) {
    if (state != State.ANSWERING || continues || !begun || !response.isInRows()) {
      return false;
    }
    int header = data.getIntLE(at);
    int length = header & PacketHeader.MAX_PAYLOAD;
    if (length == 0
        || header >>> 24 != nextId
        || data.getUnsignedByte(at + PacketHeader.LENGTH) >= Response.END_MARKER) {
      return false;
    }
    begin(length, nextId);
    return true;
  }

  private void keep(ByteBuf data, int at, int count) {
    if (head.length < headLength + count) {
      head = Arrays.copyOf(head, Math.max(32, 2 * (headLength + count)));
    }
    data.getBytes(at, head, headLength, count);
    headLength += count;
  }

  private void headGrew() {
    ByteBuf kept = Unpooled.wrappedBuffer(head, 0, headLength);
    if (headLength >= needed(kept, 0, headLength)) {
      int payload = headLength - PacketHeader.LENGTH;
      headLength = 0;
      packet(kept, 0);
      remaining -= payload;
      settle();
    }
  }

  /** How many bytes of a packet must be here before it can be looked at, header included. */
  private int needed(ByteBuf data, int at, int there) {
    if (there < PacketHeader.LENGTH) {
      return PacketHeader.LENGTH;
    }
    int length = data.getUnsignedMediumLE(at);
    if (length == 0 || continues || state == State.UNKNOWN) {
      return PacketHeader.LENGTH;
    }
    if (there == PacketHeader.LENGTH) {
      return PacketHeader.LENGTH + 1;
    }
    int first = data.getUnsignedByte(at + PacketHeader.LENGTH);
    return response.isAtFirst() || first >= Response.END_MARKER
        ? Math.min(PacketHeader.LENGTH + length, MAX_HEAD)
        : PacketHeader.LENGTH + 1;
  }

  private void packet(ByteBuf data, int at) {
    int length = data.getUnsignedMediumLE(at);
    int id = data.getUnsignedByte(at + 3);
    boolean continuation = continues;
    if (state == State.IDLE && !continuation) {
      lose("it sent a packet that answers nothing");
    } else if (state == State.FILE_WANTED) {
      lose("it sent a packet before the end of the file that it wants");
    } else if (state == State.ANSWERING && id != nextId && !mayBegin(continuation)) {
      lose("it sent a packet with sequence id " + id + " where " + nextId + " was due");
    }
    begin(length, id);
    if (state == State.ANSWERING && !continuation) {
      begun = true;
      int payload = at + PacketHeader.LENGTH;
      int there =
          Math.min(Math.min(length, MAX_HEAD - PacketHeader.LENGTH), data.writerIndex() - payload);
      take(response.packet(data.slice(payload, there), length));
    }
  }

  /** The response to a command of more than one packet begins behind the last of them. */
  private boolean mayBegin(boolean continuation) {
    return !begun && !continuation && commands.isFirstContinued();
  }

  private void begin(int length, int id) {
    remaining = length;
    continues = length == PacketHeader.MAX_PAYLOAD;
    nextId = following(id);
  }

  private static int following(int id) {
    return (id + 1) & 0xFF;
  }

  private void take(Response.Step step) {
    if (step == Response.Step.IS_LOST) {
      lose("it sent what is no response to the command");
    } else {
      outcome = step;
    }
  }

  /** What a packet means holds when it is here to its end. */
  private void settle() {
    if (outcome == Response.Step.CONTINUES || remaining > 0) {
      return;
    }
    if (outcome == Response.Step.ENDS) {
      responseEnds();
    } else {
      state = State.FILE_WANTED;
    }
    outcome = Response.Step.CONTINUES;
  }

  private void responseEnds() {
    commands.removeFirst();
    begun = false;
    nextId = FIRST_ID;
    if (commands.isEmpty()) {
      state = State.IDLE;
    } else {
      response.begin(commands.first());
    }
  }

  private void lose(String why) {
    mayWaitForFile |= state == State.ANSWERING && isQueryOpen();
    state = State.UNKNOWN;
    problem = why;
    commands.clear();
  }
}
