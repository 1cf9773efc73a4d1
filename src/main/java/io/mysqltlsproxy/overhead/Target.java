package io.mysqltlsproxy.overhead;

import io.netty.handler.ssl.SslContext;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Where a load goes, and how.
 *
 * @param name as shown in the reports
 * @param tls with what TLS; empty for none
 * @param resumes whether a new connection may resume the TLS session of an earlier one
 * @param process the one whose CPU time is counted; empty where none is
 */
record Target(
    String name,
    SocketAddress address,
    Optional<SslContext> tls,
    boolean resumes,
    Optional<ProcessHandle> process) {

  /** The same, by another process. */
  Target by(MeasuredProxy proxy) {
    return new Target(name, proxy.address(), tls, resumes, Optional.of(proxy.process()));
  }
}
