package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.tls.ServerTls;

/** What does the cryptography of the proxy. */
public enum TlsLibrary {
  BORING_SSL("default"),
  JDK("jdk");

  private final String property;

  TlsLibrary(String property) {
    this.property = property;
  }

  /** To be called before the proxy's TLS is loaded. */
  void choose() {
    System.setProperty(ServerTls.ENGINE_PROPERTY, property);
  }
}
