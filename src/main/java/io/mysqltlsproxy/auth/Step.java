package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.protocol.ErrPacket;

/** What to do with a packet of the authentication. */
public sealed interface Step {

  /** Takes the step: calls exactly one of the actions. */
  void take(Actions actions);

  /** What can be done; a new kind of step is a new method here, so nobody can overlook it. */
  interface Actions {
    /** The packet goes to the other side as it is, which answers it. */
    void relay();

    /** The packet goes to the client as it is, which has nothing to answer: the server goes on. */
    void inform();

    /** The packet stays here, and the server gets this payload. */
    void answerServer(byte[] payload);

    /** The packet stays here, and the client gets this payload, which it answers. */
    void answerClient(byte[] payload);

    /** The login ends here with this error. */
    void refuse(ErrPacket error);
  }

  /** {@link Actions#relay}. */
  record Relay() implements Step {
    @Override
    public void take(Actions actions) {
      actions.relay();
    }
  }

  /** {@link Actions#inform}. */
  record Inform() implements Step {
    @Override
    public void take(Actions actions) {
      actions.inform();
    }
  }

  /**
   * {@link Actions#answerServer}.
   *
   * @param payload may hold a password: in clear only for a server on TLS
   */
  record AnswerServer(byte[] payload) implements Step {
    @Override
    public void take(Actions actions) {
      actions.answerServer(payload);
    }

    @Override
    public String toString() {
      return "AnswerServer[" + payload.length + " bytes REDACTED]";
    }
  }

  /** {@link Actions#answerClient}. */
  record AnswerClient(byte[] payload) implements Step {
    @Override
    public void take(Actions actions) {
      actions.answerClient(payload);
    }
  }

  /** {@link Actions#refuse}. */
  record Refuse(ErrPacket error) implements Step {
    @Override
    public void take(Actions actions) {
      actions.refuse(error);
    }
  }

  Step RELAY = new Relay();
  Step INFORM = new Inform();
}
