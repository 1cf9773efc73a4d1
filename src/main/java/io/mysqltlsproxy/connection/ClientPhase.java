package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.auth.PasswordProof;
import io.mysqltlsproxy.codec.CommandFrames;
import io.mysqltlsproxy.codec.ResponseTracker;
import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.connection.AuthenticationRelay.LoggedIn;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.sslstatus.SslStatusFilter;
import io.mysqltlsproxy.tls.TlsSession;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The phase of a connection, with what has been proved by then. A transition is a method of the
 * phase that it leaves; there is none out of {@link Closed}.
 *
 * <pre>
 * [ProxyHeader →] Connecting → AwaitingGreeting → AwaitingSslRequest [→ TlsHandshake] → AwaitingLogin
 *     [→ ServerTlsHandshake] → Authenticating → Commands → Authenticating (COM_CHANGE_USER) → ... → Closed
 * </pre>
 */
sealed interface ClientPhase {

  /** How logs, metrics and pages call it. */
  Phase label();

  /** Every identity that the server may take the client for: two during COM_CHANGE_USER. */
  default List<Admitted> admitted() {
    return List.of();
  }

  /** Every phase but the last. */
  sealed interface Open extends ClientPhase {
    default Closed close() {
      return new Closed(admitted());
    }
  }

  /** A balancer has yet to say whose connection it is. */
  record ProxyHeader() implements Open {
    @Override
    public Phase label() {
      return Phase.PROXY_HEADER;
    }

    Connecting announced() {
      return new Connecting();
    }
  }

  /** The connection to the server is being made. */
  record Connecting() implements Open {
    @Override
    public Phase label() {
      return Phase.CONNECTING;
    }

    ProxyHeader awaitHeader() {
      return new ProxyHeader();
    }

    AwaitingGreeting connected() {
      return new AwaitingGreeting();
    }
  }

  /** The server speaks first. */
  record AwaitingGreeting() implements Open {
    @Override
    public Phase label() {
      return Phase.GREETING;
    }

    AwaitingSslRequest greeted(HandshakeV10 greeting) {
      return new AwaitingSslRequest(greeting);
    }
  }

  /** The client has been greeted, and may ask for TLS. */
  record AwaitingSslRequest(HandshakeV10 greeting) implements Open {
    @Override
    public Phase label() {
      return Phase.SSL_REQUEST;
    }

    TlsHandshake startTls(Capabilities wished) {
      return new TlsHandshake(greeting, wished);
    }

    AwaitingLogin withoutTls(Capabilities wished) {
      return new AwaitingLogin(
          wished,
          new Session(greeting, greeting.agreed(wished), Transport.PLAIN, false, Optional.empty()));
    }
  }

  /**
   * TLS is being agreed on.
   *
   * @param wished the flags of the SSLRequest
   */
  record TlsHandshake(HandshakeV10 greeting, Capabilities wished) implements Open {
    @Override
    public Phase label() {
      return Phase.TLS;
    }

    AwaitingLogin encrypted(TlsSession tls, X509Certificate shown) {
      return new AwaitingLogin(
          wished,
          new Session(
              greeting,
              greeting.agreed(wished),
              new Transport(tls.version(), tls.cipher(), tls.clientCertificate()),
              tls.resumed(),
              Optional.of(new PasswordProof(shown, greeting.scramble()))));
    }
  }

  /**
   * The client's HandshakeResponse is next.
   *
   * @param wished the flags of the client's first packet
   */
  record AwaitingLogin(Capabilities wished, Session session) implements Open {
    @Override
    public Phase label() {
      return Phase.LOGIN;
    }

    ServerTlsHandshake startServerTls(Ruling ruling, int collation) {
      return new ServerTlsHandshake(session.withCollation(collation), ruling);
    }

    Authenticating admitted(Ruling ruling, int collation) {
      return new Authenticating(session.withCollation(collation), ruling, Optional.empty());
    }
  }

  /** The login is admitted and held back until the server's leg is TLS. */
  record ServerTlsHandshake(Session session, Ruling ruling) implements Open {
    @Override
    public Phase label() {
      return Phase.SERVER_TLS;
    }

    @Override
    public List<Admitted> admitted() {
      return List.of(ruling.decision());
    }

    Authenticating secured() {
      return new Authenticating(session, ruling, Optional.empty());
    }
  }

  /**
   * The rules have admitted a login or a change of user; the server has yet to say OK or ERR.
   *
   * @param before who the client is until then; empty at the login
   */
  record Authenticating(Session session, Ruling ruling, Optional<LoggedIn> before) implements Open {
    @Override
    public Phase label() {
      return Phase.AUTHENTICATION;
    }

    @Override
    public List<Admitted> admitted() {
      return Stream.concat(before.stream().map(LoggedIn::admitted), Stream.of(ruling.decision()))
          .toList();
    }

    Commands authenticated(LoggedIn now) {
      return new Commands(now);
    }

    /** The server refused the change of user and goes on with the user before, as some do. */
    Optional<Commands> denied() {
      return before.map(Commands::new);
    }
  }

  /**
   * Logged in: bytes pass.
   *
   * @param frames where the client's commands begin
   * @param responses what the server still owes
   */
  record Commands(LoggedIn who, CommandFrames frames, ResponseTracker responses) implements Open {
    /** Nothing has been sent yet. */
    Commands(LoggedIn who) {
      this(who, new ResponseTracker(who.session().followed()));
    }

    private Commands(LoggedIn who, ResponseTracker responses) {
      this(
          who,
          new CommandFrames(
              new SslStatusFilter(who.session().speaks(Capabilities.CLIENT_QUERY_ATTRIBUTES)),
              responses),
          responses);
    }

    /** Whether no command, transaction or cursor is open, as far as the server's status tells. */
    boolean isAtRest() {
      return frames.isBetweenPackets()
          && responses.state() == State.IDLE
          && !responses.isInTransaction()
          && !responses.hasOpenCursor();
    }

    /** Whether the server would read the next packet as a command. */
    boolean takesCommand() {
      return frames.isBetweenPackets() && responses.state() != State.FILE_WANTED;
    }

    @Override
    public Phase label() {
      return Phase.COMMANDS;
    }

    @Override
    public List<Admitted> admitted() {
      return List.of(who.admitted());
    }

    Authenticating changeUser(Ruling ruling, int collation) {
      return new Authenticating(who.session().withCollation(collation), ruling, Optional.of(who));
    }

    /** Whether the server's next answer is known to be that to the client's next command. */
    boolean isFollowed() {
      return responses.state() != State.UNKNOWN;
    }
  }

  /** The end: at most a last word is on its way to the client. */
  record Closed(List<Admitted> admitted) implements ClientPhase {
    @Override
    public Phase label() {
      return Phase.CLOSED;
    }
  }
}
