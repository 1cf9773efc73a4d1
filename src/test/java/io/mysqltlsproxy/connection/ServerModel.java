package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A server that answers each command with one of the responses that servers give, as a script has
 * it, and knows where each of them ends.
 */
final class ServerModel {
  private static final int MORE_RESULTS = 8;
  private static final int CURSOR = 0x40;
  private static final int AUTOCOMMIT = 2;

  /** Something that is known once the byte before this place has arrived. */
  private record Event(int at, Runnable event) {}

  private final CommandModel commands;
  private final Script script;
  private final boolean deprecateEof;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Deque<Event> events = new ArrayDeque<>();
  private String user;
  private String expected;
  private int delivered;
  private int id;
  private int answered;
  private boolean isLost;
  private boolean asksForFile;
  private boolean authenticationAsked;
  private boolean more;

  ServerModel(CommandModel commands, Script script, boolean deprecateEof, String user) {
    this.commands = commands;
    this.script = script;
    this.deprecateEof = deprecateEof;
    this.user = user;
    this.expected = user;
  }

  /** Who its session belongs to, as far as the proxy can know. */
  String user() {
    return user;
  }

  byte[] said() {
    return said.toByteArray();
  }

  int delivered() {
    return delivered;
  }

  /** Bytes that answer nothing. */
  void say(byte[] bytes) {
    said.writeBytes(bytes);
  }

  /** The next bytes on their way to the proxy. */
  byte[] next(int count) {
    return Arrays.copyOfRange(
        said(), delivered, delivered + Math.min(said.size() - delivered, count));
  }

  /** They have arrived. */
  void arrived(int count) {
    delivered += count;
    while (!events.isEmpty() && events.getFirst().at() <= delivered) {
      events.removeFirst().event().run();
    }
  }

  /** Answers the next command, if there is one, which may be before the last answer arrives. */
  void answer() {
    if (commands.authenticates()) {
      authenticate();
    } else if (asksForFile) {
      if (events.isEmpty() && !commands.wantsFile()) {
        asksForFile = false;
        id = commands.fileId();
        results(0, false);
      }
    } else if (!isLost && commands.isAnswerable(answered)) {
      answer(commands.get(answered));
    }
  }

  private void answer(CommandModel.Command command) {
    id = command.responseId();
    if (script.below(6) == 0) {
      send(err());
      ends();
      return;
    }
    switch (command.code()) {
      case 0x03, 0x0A -> results(3, false);
      case 0x17, 0xFA -> results(3, true);
      case 0x16 -> prepared();
      case 0x1C, 0x04 -> rows(false);
      case 0x09 -> {
        send(Wire.of().text("Uptime: 1").bytes());
        ends();
      }
      case 0x02, 0x05, 0x06, 0x07, 0x08, 0x0C, 0x0D, 0x0E, 0x15, 0x1A, 0x1B, 0x1F -> {
        send(script.below(2) == 0 ? Wire.ok() : eof(AUTOCOMMIT));
        ends();
      }
      default -> {
        // Nobody can tell the end of what follows.
        isLost = true;
        send(Wire.ok());
        at(commands::lose);
      }
    }
  }

  private void results(int most, boolean execute) {
    if (script.below(4) == 0) {
      send(Wire.of(0xFF, 0xFF, 0xFF, 1, 1, 2, 0, 0, 0, 0).bytes());
    }
    for (int i = 0; ; i++) {
      more = i < most && script.below(3) == 0;
      int kind = script.below(5);
      if (kind == 0) {
        send(ok(status()));
      } else if (kind == 1) {
        send(err());
        more = false;
      } else if (kind == 2 && most > 0) {
        send(Wire.of(0xFB).text("file").bytes());
        int next = id;
        asksForFile = true;
        at(() -> commands.fileRequested(next));
        return;
      } else if (kind == 3 || most == 0) {
        resultSet(execute);
      } else {
        resultSet(false);
      }
      if (!more) {
        ends();
        return;
      }
    }
  }

  private int status() {
    return more ? AUTOCOMMIT | MORE_RESULTS : AUTOCOMMIT;
  }

  private void resultSet(boolean mayHaveCursor) {
    int columns = 1 + script.below(3);
    send(Wire.of(columns).bytes());
    definitions(columns);
    boolean cursor = mayHaveCursor && script.below(2) == 0;
    if (!deprecateEof) {
      send(eof(status() | (cursor ? CURSOR : 0)));
      if (cursor) {
        return;
      }
    }
    rows(true);
  }

  private void definitions(int count) {
    for (int i = 0; i < count; i++) {
      send(Wire.of(3).text("def").add(0).bytes());
    }
  }

  /** Rows of either protocol, and their end. */
  private void rows(boolean ofResults) {
    for (int i = script.below(4); i > 0; i--) {
      byte[] row = script.bytes();
      send(row.length == 0 || (row[0] & 0xFF) > 0xFD ? new byte[] {(byte) 0xFB} : row);
    }
    if (ofResults && script.below(8) == 0) {
      send(err());
      more = false;
    } else {
      int status = ofResults ? status() : AUTOCOMMIT;
      send(deprecateEof ? Wire.of(0xFE, 0, 0, status, 0, 0, 0).bytes() : eof(status));
    }
    if (!ofResults) {
      ends();
    }
  }

  private void prepared() {
    int columns = script.below(3);
    int parameters = script.below(3);
    send(Wire.of(0, 1, 0, 0, 0, columns, 0, parameters, 0, 0, 0, 0).bytes());
    for (int count : new int[] {parameters, columns}) {
      definitions(count);
      if (count > 0 && !deprecateEof) {
        send(eof(AUTOCOMMIT));
      }
    }
    ends();
  }

  private void authenticate() {
    if (!events.isEmpty() || commands.authenticationId() != 0) {
      return;
    }
    id = authenticationAsked ? 3 : 1;
    int kind = script.below(3);
    if (kind == 0 && !authenticationAsked) {
      authenticationAsked = true;
      send(Wire.authSwitchRequest("mysql_native_password", "12345678901234567890"));
      at(() -> commands.authenticationGoesOn(2));
      return;
    }
    authenticationAsked = false;
    boolean admits = kind < 2;
    expected = admits ? commands.changesTo() : user;
    send(admits ? Wire.ok() : err());
    at(
        () -> {
          user = expected;
          commands.authenticationEnded();
        });
  }

  private void ends() {
    answered++;
    at(
        () -> {
          answered--;
          commands.responseEnded();
        });
  }

  private void at(Runnable event) {
    events.add(new Event(said.size(), event));
  }

  private void send(byte[] payload) {
    said.writeBytes(Wire.packet(id, payload));
    id = (id + 1) & 0xFF;
  }

  private static byte[] ok(int status) {
    return Wire.of(0, 0, 0, status, 0, 0, 0).bytes();
  }

  private static byte[] eof(int status) {
    return Wire.of(0xFE, 0, 0, status, 0).bytes();
  }

  private static byte[] err() {
    return Wire.err(1064, "42000", "no");
  }
}
