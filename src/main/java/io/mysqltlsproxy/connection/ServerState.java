package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.SslRequest;

/** What the server is waiting for, and so how it can be left without harm. */
sealed interface ServerState {

  /** Leaves the server: exactly one method of the exit is called. */
  void leave(Exit exit);

  /** The ways out. */
  interface Exit {
    /** The handshake begins with the server's greeting, which is still to come. */
    void awaitGreeting();

    /** The server waits for a HandshakeResponse. */
    void logInAsNobody(HandshakeV10 greeting);

    /** The server agrees on TLS, and then waits for a HandshakeResponse. */
    void awaitTls();

    /** TLS was asked for by this and agreed on, and the server waits for a HandshakeResponse. */
    void logInAsNobody(SslRequest request);

    /** The server owes an answer to a packet of the login. */
    void awaitAnswer();

    /** The server waits for a packet of the login. */
    void answerNothing();

    /** The server waits for a command, or for nothing. */
    void close();
  }

  /** Connected; the server speaks first. */
  record Ungreeted() implements ServerState {
    @Override
    public void leave(Exit exit) {
      exit.awaitGreeting();
    }
  }

  /** It waits for a login. */
  record Greeted(HandshakeV10 greeting) implements ServerState {
    @Override
    public void leave(Exit exit) {
      exit.logInAsNobody(greeting);
    }
  }

  /** TLS is being agreed on with it, which it would count if it were broken off. */
  record TlsHandshake(SslRequest request) implements ServerState {
    @Override
    public void leave(Exit exit) {
      exit.awaitTls();
    }
  }

  /** TLS has been agreed on, and it waits for a login. */
  record Encrypted(SslRequest request) implements ServerState {
    @Override
    public void leave(Exit exit) {
      exit.logInAsNobody(request);
    }
  }

  /** It was sent a packet of a login or of a change of user, and will answer. */
  record Authenticating() implements ServerState {
    @Override
    public void leave(Exit exit) {
      exit.awaitAnswer();
    }
  }

  /** It has answered, and waits for the next packet of the login. */
  record AwaitingPacket() implements ServerState {
    @Override
    public void leave(Exit exit) {
      exit.answerNothing();
    }
  }

  /** It has said ERR, before or during the login, and closes the connection by itself. */
  record Refused() implements ServerState {
    @Override
    public void leave(Exit exit) {
      exit.close();
    }
  }

  /** Logged in: it waits for commands, or answers them. */
  record Commands() implements ServerState {
    @Override
    public void leave(Exit exit) {
      exit.close();
    }
  }
}
