package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.auth.PasswordProof;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.HandshakeV10;
import java.util.Optional;

/**
 * What holds for as long as the connection lasts.
 *
 * @param greeting the server's
 * @param capabilities those that the server knows, or will know, of the client
 * @param transport what is known of the client's side
 * @param resumed whether its TLS session was
 * @param proof of the certificate that the client was shown; empty without TLS
 * @param collation of the client's character set, as in its last login; -1 before the first
 */
record Session(
    HandshakeV10 greeting,
    Capabilities capabilities,
    Transport transport,
    boolean resumed,
    Optional<PasswordProof> proof,
    int collation) {

  /** A session before its login. */
  Session(
      HandshakeV10 greeting,
      Capabilities capabilities,
      Transport transport,
      boolean resumed,
      Optional<PasswordProof> proof) {
    this(greeting, capabilities, transport, resumed, proof, -1);
  }

  Session withCollation(int next) {
    return new Session(greeting, capabilities, transport, resumed, proof, next);
  }

  /** The capabilities that both sides have. */
  Capabilities spoken() {
    return new Capabilities(capabilities.bits() & greeting.capabilities().bits());
  }

  /**
   * By which responses are followed: files are sent to a server that has not said it takes them.
   */
  Capabilities followed() {
    long files = capabilities.bits() & Capabilities.CLIENT_LOCAL_FILES;
    return new Capabilities(spoken().bits() | files);
  }

  /** Whether both sides have the flags. */
  boolean speaks(long flags) {
    return spoken().has(flags);
  }
}
