package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.util.Optional;

/**
 * Where a client connects on 127.0.0.1, and as whom.
 *
 * @param tls what the client verifies the proxy with, and shows of itself; empty for a connection
 *     without TLS
 */
record Login(int port, String user, String password, Optional<ProxyCertificates> tls) {

  /** On TLS, through the proxy. */
  static Login through(RunningProxy proxy, String user, String password) {
    return new Login(proxy.port(), user, password, Optional.of(proxy.certificates()));
  }

  /** Without TLS, to the server itself. */
  static Login directly(TestServer server, String user, String password) {
    return new Login(server.port(), user, password, Optional.empty());
  }

  /** The same, trusting and showing other certificates. */
  Login with(ProxyCertificates certificates) {
    return new Login(port, user, password, Optional.of(certificates));
  }
}
