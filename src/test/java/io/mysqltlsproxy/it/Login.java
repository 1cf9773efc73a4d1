package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a client connects, and as whom.
 *
 * @param port on 127.0.0.1
 * @param socket a Unix socket to connect by in place of the port
 * @param tls what the client verifies the proxy with, and shows of itself; empty for a connection
 *     without TLS
 */
record Login(
    int port,
    Optional<Path> socket,
    String user,
    String password,
    Optional<ProxyCertificates> tls) {

  Login(int port, String user, String password, Optional<ProxyCertificates> tls) {
    this(port, Optional.empty(), user, password, tls);
  }

  /** On TLS, through the proxy. */
  static Login through(RunningProxy proxy, String user, String password) {
    return new Login(proxy.port(), user, password, Optional.of(proxy.certificates()));
  }

  /** Without TLS, to the server itself. */
  static Login directly(TestServer server, String user, String password) {
    return new Login(server.port(), user, password, Optional.empty());
  }

  /** Without TLS, to the server's own Unix socket. */
  static Login bySocket(TestServer server, String user, String password) {
    return new Login(server.port(), server.socket(), user, password, Optional.empty());
  }

  /** At the same place, as somebody else. */
  Login as(String user, String password) {
    return new Login(port, socket, user, password, tls);
  }

  /** The same, trusting and showing other certificates. */
  Login with(ProxyCertificates certificates) {
    return new Login(port, socket, user, password, Optional.of(certificates));
  }
}
