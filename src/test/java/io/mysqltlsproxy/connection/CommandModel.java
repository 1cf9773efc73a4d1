package io.mysqltlsproxy.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ComChangeUser;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.sslstatus.SslStatusFilter;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Which of a client's bytes may have reached the server after the login, told by one who knows what
 * the server is doing because it is the server. It follows no responses: {@link ServerModel} says
 * what has become of them.
 */
final class CommandModel {
  /** What the proxy follows at most. */
  private static final int MAX_OWED = 1024;

  private static final int MAX_INSPECTED = 128 * 1024;
  private static final int MAX_PAYLOAD = 0xFFFFFF;
  private static final SslStatusFilter FILTER = new SslStatusFilter(false);

  /** A command that has begun to reach the server, and that it answers. */
  static final class Command {
    private final int code;
    private final int length;
    private int packets = 1;

    private Command(int code, int length) {
      this.code = code;
      this.length = length;
    }

    int code() {
      return code;
    }

    /** Of its first packet's payload. */
    int length() {
      return length;
    }

    /** The id of the response's first packet. */
    int responseId() {
      return packets & 0xFF;
    }
  }

  /** What became of a change of user that the proxy has looked into. */
  enum Verdict {
    ADMITTED,
    REFUSED,
    /** Its character set or form decides, which is none of this model's business. */
    EITHER
  }

  private final Capabilities capabilities;
  private byte[] sent = new byte[1024];
  private int size;
  private int passed;
  private int inPacket;
  private boolean continues;
  private boolean lastIsAnswered;
  private final Deque<Command> owed = new ArrayDeque<>();
  private boolean wantsFile;
  private int fileId;
  private boolean isLost;
  private boolean isClosed;
  private String changesTo = "";
  private boolean authenticates;
  private int authenticationId;
  private Verdict verdict = Verdict.EITHER;

  CommandModel(Capabilities capabilities) {
    this.capabilities = capabilities;
  }

  void clientSends(byte[] bytes) {
    if (size + bytes.length > sent.length) {
      sent = Arrays.copyOf(sent, Math.max(2 * sent.length, size + bytes.length));
    }
    System.arraycopy(bytes, 0, sent, size, bytes.length);
    size += bytes.length;
    advance();
  }

  byte[] sent() {
    return sent;
  }

  /** So many of the client's bytes must have reached the server, and no more. */
  int passed() {
    return passed;
  }

  /** The proxy must have closed the connection. */
  boolean isClosed() {
    return isClosed;
  }

  boolean isLost() {
    return isLost;
  }

  boolean wantsFile() {
    return wantsFile;
  }

  /** The id of the next packet of the file. */
  int fileId() {
    return fileId;
  }

  boolean owes() {
    return !owed.isEmpty();
  }

  /** Whether the server is changing its user. */
  boolean authenticates() {
    return authenticates;
  }

  /** The id of the client's answer to the server; 0 where none is due. */
  int authenticationId() {
    return authenticationId;
  }

  /** As whom the client is to go on. */
  String changesTo() {
    return changesTo;
  }

  Verdict verdict() {
    return verdict;
  }

  /** The proxy has closed the connection, as it may. */
  void close() {
    isClosed = true;
  }

  /**
   * Whether the server has another command to its end.
   *
   * @param answered how many of those that it owes an answer it has answered already
   */
  boolean isAnswerable(int answered) {
    int more = owed.size() - answered;
    return more > 1 || (more == 1 && inPacket == 0 && !continues);
  }

  /** The command behind so many. */
  Command get(int answered) {
    return owed.stream().skip(answered).findFirst().orElseThrow();
  }

  /** A response has reached the proxy to its end. */
  void responseEnded() {
    owed.removeFirst();
    advance();
  }

  /** A request for a file has reached it. */
  void fileRequested(int nextId) {
    wantsFile = true;
    fileId = nextId & 0xFF;
    advance();
  }

  /** What has reached it answers nothing. */
  void lose() {
    isLost = true;
    owed.clear();
    advance();
  }

  /** A request for more of a change of user has reached it. */
  void authenticationGoesOn(int nextId) {
    authenticationId = nextId;
    advance();
  }

  /** The change of user is over, either way. */
  void authenticationEnded() {
    authenticates = false;
    authenticationId = 0;
    advance();
  }

  private void advance() {
    while (!isClosed) {
      if (authenticates) {
        if (!passAuthenticationPacket()) {
          return;
        }
        continue;
      }
      int skipped = Math.min(inPacket, size - passed);
      inPacket -= skipped;
      passed += skipped;
      if (size - passed < 4 || !packetMayPass(length(), sent[passed + 3] & 0xFF)) {
        return;
      }
    }
  }

  private int length() {
    return (sent[passed] & 0xFF) | (sent[passed + 1] & 0xFF) << 8 | (sent[passed + 2] & 0xFF) << 16;
  }

  private boolean packetMayPass(int length, int id) {
    if (wantsFile) {
      if (id != fileId) {
        isClosed = true;
        return false;
      }
      fileId = (fileId + 1) & 0xFF;
      wantsFile = length > 0 || continues;
      begin(length);
      return true;
    }
    if (continues) {
      if (lastIsAnswered && !owed.isEmpty()) {
        owed.getLast().packets++;
      }
      begin(length);
      return true;
    }
    if (id == 0) {
      return commandMayPass(length);
    }
    isClosed = !isLost && owed.isEmpty();
    if (isLost) {
      begin(length);
    }
    return isLost;
  }

  private boolean commandMayPass(int length) {
    int there = size - passed - 4;
    if (length > 0 && there == 0) {
      return false;
    }
    int code = length == 0 ? 0 : sent[passed + 4] & 0xFF;
    boolean changesUser = code == 0x11 || code == 0xFE;
    if (changesUser || (code == 3 && mayAskForTls(length, there))) {
      if (changesUser
          ? length > MAX_INSPECTED
          : there < Math.min(length, FILTER.decisiveLength())) {
        isClosed = changesUser;
        return false;
      }
      if (there < length || (!isLost && !owed.isEmpty())) {
        return false;
      }
      if (changesUser) {
        changeUser(Arrays.copyOfRange(sent, passed + 4, passed + 4 + length));
        if (isClosed) {
          return false;
        }
        passed += 4 + length;
        authenticates = true;
        return true;
      }
    } else if (!isLost && owed.size() == MAX_OWED) {
      return false;
    }
    boolean silent = (code == 0x19 && length >= 5) || (code == 0x18 && length >= 7);
    lastIsAnswered = !silent && !isLost;
    if (lastIsAnswered) {
      owed.add(new Command(code, length));
    }
    begin(length);
    return true;
  }

  private boolean mayAskForTls(int length, int there) {
    return FILTER.mayMatch(
        Unpooled.wrappedBuffer(sent, passed + 4, Math.min(length, there)), 0, length);
  }

  private void changeUser(byte[] payload) {
    try {
      ComChangeUser command = ComChangeUser.decode(Unpooled.wrappedBuffer(payload), capabilities);
      String text = new String(payload, ISO_8859_1);
      changesTo = text.substring(1, text.indexOf(0));
      boolean plain = command.characterSet() == 8 && changesTo.chars().allMatch(c -> c < 0x7F);
      verdict =
          !MemoryProxy.ADMITTED.contains(changesTo)
              ? Verdict.REFUSED
              : plain ? Verdict.ADMITTED : Verdict.EITHER;
    } catch (MalformedPacketException e) {
      verdict = Verdict.REFUSED;
    }
    if (payload[0] != 0x11 || isLost) {
      verdict = Verdict.REFUSED;
    }
    isClosed = verdict == Verdict.REFUSED;
  }

  private void begin(int length) {
    passed += 4;
    inPacket = length;
    continues = length == MAX_PAYLOAD;
  }

  /** Whole packets only, one for each of the server's. */
  private boolean passAuthenticationPacket() {
    if (authenticationId == 0 || size - passed < 4) {
      return false;
    }
    boolean tls =
        sent[passed] == 0x16
            && sent[passed + 1] == 3
            && sent[passed + 2] > 0
            && sent[passed + 2] <= 4;
    String head = new String(sent, passed, 4, ISO_8859_1);
    if (tls
        || head.equals("PROX")
        || head.equals("\r\n\r\n")
        || (sent[passed + 3] & 0xFF) != authenticationId
        || length() > MAX_INSPECTED) {
      isClosed = true;
      return false;
    }
    if (size - passed < 4 + length()) {
      return false;
    }
    passed += 4 + length();
    authenticationId = 0;
    return false;
  }
}
