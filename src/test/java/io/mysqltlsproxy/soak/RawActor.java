package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** A client that speaks the protocol by itself, as an account without a password. */
abstract class RawActor extends Actor {
  private static final int AUTH_SWITCH = 0xFE;
  private static final int TIMEOUT_MILLIS = 60_000;

  /** How a login ended that was not broken off. */
  enum Outcome {
    ADMITTED,
    REJECTED
  }

  RawActor(String name, Site site, Ledger ledger, Pause pause) {
    super(name, site, ledger, pause);
  }

  /** The server, or the proxy, has said what is an outage. */
  static final class OutageException extends IOException {
    private static final long serialVersionUID = 1;

    private final int code;

    private OutageException(int code) {
      super("ERR " + code);
      this.code = code;
    }

    /** Whether a review of the connections is why, since the rules or a CRL have changed. */
    boolean isKill() {
      return code == 1927;
    }
  }

  /** An error in place of what was asked for. */
  static OutageException outage(Packet error) throws WrongException {
    if (!isOfAnOutage(error.errorCode())) {
      throw new WrongException(error.toString());
    }
    return new OutageException(error.errorCode());
  }

  /** Takes a session that has been admitted. */
  interface Session {
    void take(RawClient client) throws IOException, WrongException, InterruptedException;
  }

  /**
   * Logs in, and has a session where that is admitted.
   *
   * @throws IOException when the connection breaks
   */
  final Outcome logIn(SSLContext tls, String user, Session session)
      throws IOException, WrongException, InterruptedException {
    step("login");
    try (RawClient client = RawClient.connect(site().address())) {
      client.socket().setSoTimeout(TIMEOUT_MILLIS);
      Packet greeting = client.read();
      if (greeting.first() != 10) {
        throw outage(greeting);
      }
      client.send(1, Wire.sslRequest(Wire.USUAL));
      try {
        client.startTls(tls);
        client.send(2, Wire.login(user));
        Packet answer = client.read();
        if (answer.first() == AUTH_SWITCH) {
          client.send(answer.sequenceId() + 1, new byte[0]);
          answer = client.read();
        }
        switch (answer.errorCode()) {
          case -1 -> {}
          case 1045, 3118 -> {
            return Outcome.REJECTED;
          }
          default -> throw outage(answer);
        }
      } catch (SSLException e) {
        if (String.valueOf(e.getMessage()).contains("alert")) {
          return Outcome.REJECTED;
        }
        throw e;
      }
      session.take(client);
      client.send(0, new byte[] {1});
      return Outcome.ADMITTED;
    }
  }

  /** Asks for all facts, checks each, and calls {@code pace} before each row. */
  final void readFacts(RawClient client, Session pace)
      throws IOException, WrongException, InterruptedException {
    client.send(0, Wire.query("SELECT id, body FROM soak.facts ORDER BY id"));
    Packet packet = client.read();
    if (packet.errorCode() >= 0) {
      throw outage(packet);
    }
    for (int eofs = 0; eofs < 1; ) {
      eofs += isEof(client.read()) ? 1 : 0;
    }
    for (int id = 0; id < Facts.ROWS; id++) {
      pace.take(client);
      packet = client.read();
      if (packet.errorCode() >= 0) {
        throw outage(packet);
      }
      if (!row(packet).equals(id + " " + Facts.body(id))) {
        throw new WrongException("corrupt row " + id + ": " + row(packet));
      }
    }
    if (!isEof(client.read())) {
      throw new WrongException("more rows than there are");
    }
  }

  private static boolean isEof(Packet packet) {
    return packet.first() == 0xFE && packet.payload().length < 9;
  }

  /** The number and the text of a row. */
  private static String row(Packet packet) {
    ByteBuffer bytes = ByteBuffer.wrap(packet.payload());
    return text(bytes) + " " + text(bytes);
  }

  private static String text(ByteBuffer bytes) {
    int length = bytes.get() & 0xFF;
    if (length == 0xFC) {
      length = (bytes.get() & 0xFF) | (bytes.get() & 0xFF) << 8;
    }
    byte[] text = new byte[Math.min(length, bytes.remaining())];
    bytes.get(text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  @Override
  String explain(Exception e) {
    return e instanceof OutageException
        ? "raw " + e.getMessage()
        : "raw " + e.getClass().getSimpleName();
  }
}
