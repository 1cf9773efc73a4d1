package io.mysqltlsproxy.bench;

/** What the client does in a handshake. */
public enum HandshakeKind {
  /** It shows no certificate. */
  FULL,
  /** It shows a certificate. */
  MUTUAL,
  /** It showed a certificate, and resumes that session. */
  RESUMED
}
