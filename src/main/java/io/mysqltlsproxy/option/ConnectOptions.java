package io.mysqltlsproxy.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code connect}. Those about TLS have the names and meanings that they have for <a
 * href="https://dev.mysql.com/doc/refman/8.4/en/connection-options.html">MySQL's clients</a>; the
 * others are those of {@code run}.
 */
public final class ConnectOptions {
  private ConnectOptions() {}

  public static final Option<Boolean> ALLOW_REMOTE_CLIENTS =
      new Option<>(
          "allow-remote-clients",
          "ON|OFF",
          "OFF",
          "ON allows a bind-address other than loopback. What clients on other machines send,"
              + " passwords included, crosses the network unencrypted.",
          ValueParsers.SWITCH);

  public static final Option<Optional<Path>> SOCKET =
      new Option<>(
          "socket",
          "FILE",
          "",
          "The Unix socket that clients connect to, instead of bind-address and port. See"
              + " socket-users.",
          ValueParsers.optional(ValueParsers.SOCKET));

  public static final Option<SocketUsers> SOCKET_USERS =
      new Option<>(
          "socket-users",
          "LIST",
          "",
          "Who may connect to the Unix socket: names or numbers of users, and of groups with an @"
              + " before them, separated by commas, such as www-data,@dba; * means everyone. The"
              + " user that runs the proxy and root are always allowed.",
          SocketUsers::parse);

  public static final Option<SslMode> SSL_MODE =
      new Option<>(
          "ssl-mode",
          "MODE",
          "VERIFY_IDENTITY",
          "How the server's certificate is verified. VERIFY_CA: a CA of ssl-ca or ssl-capath has"
              + " signed it. VERIFY_IDENTITY: it is also for the host of backend. REQUIRED verifies"
              + " nothing: the connection is encrypted, but anyone on the way can pose as the"
              + " server. A server without TLS is an error with each of them.",
          ValueParsers.oneOf(SslMode.values(), "mode"));

  /** All of them, in the order of {@code --help}. */
  static final List<Option<?>> ALL =
      List.of(
          Options.DEFAULTS_FILE.meaning(
              "The option file. Its group [mysql-tls-proxy-connect] is read. The default file is"
                  + " optional."),
          Options.BIND_ADDRESS.meaning(
              "The loopback address or name that clients connect to, or, with"
                  + " allow-remote-clients=ON, any address of this machine."),
          Options.PORT,
          ALLOW_REMOTE_CLIENTS,
          SOCKET,
          SOCKET_USERS,
          Options.BACKEND.meaning(
              "The server with TLS: HOST:PORT, [IPV6]:PORT, or HOST for port 3306. With"
                  + " VERIFY_IDENTITY its certificate must be for this host."),
          SSL_MODE,
          Options.SSL_CA.meaning(
              "The CA certificates in PEM that sign the server's certificate. ssl-ca or ssl-capath"
                  + " is required unless ssl-mode=REQUIRED."),
          Options.SSL_CAPATH.meaning(
              "A directory of CA certificates in PEM that sign the server's certificate."),
          Options.SSL_CRL.meaning(
              "Lists of revoked server certificates (CRLs) in PEM. Once there is a CRL, every CA in"
                  + " the server's chain needs one that is in force."),
          Options.SSL_CRLPATH,
          Options.SSL_CERT.meaning(
              "The certificate in PEM that the proxy shows to the server if asked, followed by any"
                  + " intermediate certificates. Without it the proxy shows none."),
          Options.SSL_KEY.meaning(
              "The private key of ssl-cert in PEM, as PKCS#1 or PKCS#8, or a key on a PKCS#11 token"
                  + " (HSM) as pkcs11:token=LABEL;object=LABEL. Required with ssl-cert."),
          Options.SSL_KEY_PASSPHRASE_FILE,
          Options.TLS_VERSION.meaning(
              "The TLS versions to use with the server. TLSv1 and TLSv1.1 are only for old"
                  + " servers."),
          Options.SSL_CIPHER,
          Options.TLS_CIPHERSUITES,
          Options.TLS_GROUPS,
          Options.SSL_SESSION_CACHE_MODE.meaning(
              "ON resumes TLS sessions with the server, which costs both sides less."),
          Options.SSL_SESSION_CACHE_TIMEOUT.meaning(
              "How long a TLS session can be resumed after its handshake."),
          Options.ACCOUNTS.meaning(
              "A file of rules in MySQL's syntax: GRANT, CREATE USER or ALTER USER with ACCOUNT"
                  + " LOCK. Clients have no TLS here, so REQUIRE can only be NONE."),
          Options.DISCONNECT_NO_LONGER_ADMITTED.meaning(
              "ON closes connections that would no longer be allowed, because the server's"
                  + " certificate has been revoked, or because the rules have changed."),
          Options.CONNECT_TIMEOUT,
          Options.MAX_CONNECTIONS,
          Options.MAX_UNAUTHENTICATED,
          Options.MAX_UNAUTHENTICATED_PER_ADDRESS.meaning(
              "How many of the max-unauthenticated clients may come from one address. 0 is a fair"
                  + " share: three quarters of the places."),
          Options.SERVER_VERSION.meaning(
              "The version to show in the greeting instead of the server's own, for old drivers"
                  + " that choose their SQL by it. SELECT VERSION() still returns the server's"
                  + " own."),
          Options.DRAIN_TIMEOUT,
          Options.TAKEOVER,
          Options.LOG_LEVEL,
          Options.LOG_FORMAT,
          Options.ADMIN_ADDRESS,
          Options.ADMIN_ALLOW_REMOTE);
}
