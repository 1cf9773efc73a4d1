package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.tls.HandshakeFailures;

/** How a connection can end, and by whose doing; the label is the log's word and the metric's. */
public enum CloseReason {
  /** No rule of the account is met. */
  RULE("rule", Party.PROXY, true),
  INSECURE_TRANSPORT("insecure_transport", Party.PROXY, true),
  ACCOUNT_LOCKED("account_locked", Party.PROXY, true),
  /** The client's certificate does not verify. */
  CLIENT_CERTIFICATE("client_certificate", Party.PROXY, true),
  /** The plugin has no form that may cross the plain hop. */
  AUTHENTICATION_METHOD("authentication_method", Party.PROXY, true),
  /** The client's user may not use the Unix socket. */
  SOCKET_USER("socket_user", Party.PROXY, true),
  /** It was admitted, and would not be now. */
  NO_LONGER_ADMITTED("no_longer_admitted", Party.PROXY, true),
  /** The server answered the login with an error. */
  DENIED_BY_SERVER("denied_by_server", Party.SERVER, true),

  /** Beyond {@code max-connections} or {@code max-unauthenticated}. */
  TOO_MANY_CONNECTIONS("too_many_connections", Party.PROXY, true),

  SERVER_UNREACHABLE("server_unreachable", Party.SERVER, false),
  /** The server has blocked the proxy's host, ER_HOST_IS_BLOCKED. */
  HOST_BLOCKED("host_blocked", Party.SERVER, false),
  /** Another error in place of the greeting. */
  REFUSED_BY_SERVER("refused_by_server", Party.SERVER, false),
  SERVER_CLOSED("server_closed", Party.SERVER, false),
  SERVER_PROTOCOL("server_protocol", Party.SERVER, false),
  /** The server has no TLS, or TLS with it failed. */
  SERVER_TLS("server_tls", Party.SERVER, false),
  /** The server's certificate does not verify. */
  SERVER_CERTIFICATE("server_certificate", Party.PROXY, false),
  /** The server does not accept the proxy's certificate. */
  CERTIFICATE_REJECTED("certificate_rejected", Party.SERVER, true),
  CLIENT_CLOSED("client_closed", Party.CLIENT, false),
  CLIENT_PROTOCOL("client_protocol", Party.CLIENT, false),
  /** The client does not trust the proxy's certificate. */
  PROXY_CERTIFICATE("proxy_certificate", Party.CLIENT, false),
  TLS_HANDSHAKE("tls_handshake", Party.CLIENT, false),
  /** TLS broke after its handshake. */
  TLS_BROKEN("tls_broken", Party.CLIENT, false),
  /** No login within {@code connect-timeout}. */
  TIMEOUT("timeout", Party.PROXY, false),
  /** The proxy itself is ending. */
  SHUTDOWN("shutdown", Party.PROXY, false),
  INTERNAL_ERROR("internal_error", Party.PROXY, false);

  /** Who ended it. */
  public enum Party {
    CLIENT("client"),
    SERVER("server"),
    PROXY("proxy");

    private final String label;

    Party(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** MySQL's error number of a host with too many failed handshakes. */
  private static final int ER_HOST_IS_BLOCKED = 1129;

  private final String label;
  private final Party by;
  private final boolean refusal;

  CloseReason(String label, Party by, boolean refusal) {
    this.label = label;
    this.by = by;
    this.refusal = refusal;
  }

  /** What the rules' refusal counts as. */
  static CloseReason of(Refused refused) {
    return switch (refused.cause()) {
      case INSECURE_TRANSPORT -> INSECURE_TRANSPORT;
      case ACCOUNT_LOCKED -> ACCOUNT_LOCKED;
      case RULE -> RULE;
    };
  }

  /** What a failed TLS handshake counts as. */
  static CloseReason ofHandshake(Throwable cause) {
    if (HandshakeFailures.isRefusedCertificate(cause)) {
      return CLIENT_CERTIFICATE;
    }
    return HandshakeFailures.isRejectedCertificate(cause) ? PROXY_CERTIFICATE : TLS_HANDSHAKE;
  }

  /** What failed TLS with the server counts as. */
  static CloseReason ofServerHandshake(Throwable cause) {
    if (HandshakeFailures.isRefusedCertificate(cause)) {
      return SERVER_CERTIFICATE;
    }
    return HandshakeFailures.isRejectedCertificate(cause) ? CERTIFICATE_REJECTED : SERVER_TLS;
  }

  /** What an error in place of the server's greeting counts as. */
  static CloseReason of(ErrPacket inPlaceOfGreeting) {
    return inPlaceOfGreeting.code() == ER_HOST_IS_BLOCKED ? HOST_BLOCKED : REFUSED_BY_SERVER;
  }

  /** In lower case, with underscores. */
  public String label() {
    return label;
  }

  public Party by() {
    return by;
  }

  /** Whether somebody said no, rather than that something failed. */
  public boolean isRefusal() {
    return refusal;
  }
}
