package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.protocol.ErrPacket;

/** What to do with a packet of the authentication. */
public sealed interface Step {

  /** It goes to the other side as it is, which answers it. */
  record Relay() implements Step {}

  /** It goes to the client as it is, who has nothing to answer: the server goes on by itself. */
  record Inform() implements Step {}

  /**
   * It stays here, and the server gets this payload.
   *
   * @param payload may hold an encrypted password, never a clear one
   */
  record AnswerServer(byte[] payload) implements Step {
    @Override
    public String toString() {
      return "AnswerServer[" + payload.length + " bytes REDACTED]";
    }
  }

  /** The login ends here with this error. */
  record Refuse(ErrPacket error) implements Step {}

  Step RELAY = new Relay();
  Step INFORM = new Inform();
}
