package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.ValueParser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every option, once. Where mysqld has the option too, the name and the meaning are <a
 * href="https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html">mysqld's</a>.
 */
public final class Options {
  private Options() {}

  /** First of all: what is declared below is collected here. */
  private static final List<Option<?>> DECLARED = new ArrayList<>();

  private static final int ONE_YEAR = 31_536_000;

  public static final Option<Optional<Path>> DEFAULTS_FILE =
      declare(
          "defaults-file",
          "FILE",
          "/etc/mysql-tls-proxy.cnf",
          "The option file. Its group [mysql-tls-proxy] is read. The default file is"
              + " optional.",
          ValueParsers.optional(ValueParsers.PATH));

  public static final Option<String> BIND_ADDRESS =
      declare(
          "bind-address",
          "ADDRESS",
          "127.0.0.1",
          "The IP address or name that clients connect to. * and :: mean every address of"
              + " this machine, 0.0.0.0 every IPv4 address.",
          ValueParsers.BIND_ADDRESS);

  public static final Option<Integer> PORT =
      declare(
          "port",
          "N",
          "3307",
          "The TCP port that clients connect to. 0 picks a free one.",
          ValueParsers.port(0));

  public static final Option<Backend> BACKEND =
      declare(
          "backend",
          "SERVER",
          "127.0.0.1:3306",
          "The server: HOST:PORT, [IPV6]:PORT, HOST for port 3306, or unix:/PATH for a"
              + " Unix socket. If a name has several addresses, they are tried in turn within"
              + " connect-timeout.",
          Backend::parse);

  public static final Option<Optional<Path>> BACKEND_PUBLIC_KEY_FILE =
      file(
          "backend-public-key-file",
          "The server's RSA public key in PEM, used to encrypt passwords for"
              + " caching_sha2_password and sha256_password. Without it the proxy asks the"
              + " server for its key, and logs a warning if the key has changed.");

  public static final Option<Boolean> ENABLE_CLEARTEXT_PLUGIN =
      onOff(
          "enable-cleartext-plugin",
          "OFF",
          "ON lets mysql_clear_password send passwords to a server over TCP, where anyone"
              + " on the way can read them. Over a Unix socket this is always allowed.");

  public static final Option<Optional<Path>> SSL_CERT =
      file(
          "ssl-cert",
          "The proxy's certificate in PEM, followed by any intermediate certificates."
              + " Without ssl-cert and ssl-key the proxy makes a self-signed certificate.");

  public static final Option<Optional<KeyLocation>> SSL_KEY =
      optional(
          "ssl-key",
          "FILE",
          "The certificate's private key in PEM, as PKCS#1 or PKCS#8, or a key on a PKCS#11"
              + " token (HSM) as pkcs11:token=LABEL;object=LABEL.",
          KeyLocation::parse);

  public static final Option<Optional<Path>> SSL_SELF_SIGNED_DIR =
      optional(
          "ssl-self-signed-dir",
          "DIR",
          "The directory in which the proxy keeps the self-signed certificate that it makes"
              + " without ssl-cert, in self-signed.pem with its key, and renews it 30 days before"
              + " it expires. Without it the certificate ends with the process.",
          ValueParsers.PATH);

  public static final Option<Optional<Path>> SSL_KEY_PASSPHRASE_FILE =
      file(
          "ssl-key-passphrase-file",
          "A file whose first line is the passphrase of an encrypted ssl-key, or the PIN of its"
              + " token.");

  public static final Option<Optional<Path>> SSL_CA =
      file(
          "ssl-ca",
          "The CA certificates in PEM that sign client certificates. Without ssl-ca and"
              + " ssl-capath, clients are not asked for a certificate.");

  public static final Option<Optional<Path>> SSL_CAPATH =
      optional(
          "ssl-capath",
          "DIR",
          "A directory of CA certificates in PEM that sign client certificates.",
          ValueParsers.PATH);

  public static final Option<Optional<Path>> SSL_CRL =
      file(
          "ssl-crl",
          "Lists of revoked client certificates (CRLs) in PEM. Once there is a CRL, every"
              + " CA in a client's chain needs one that is in force.");

  public static final Option<Optional<Path>> SSL_CRLPATH =
      optional(
          "ssl-crlpath", "DIR", "A directory of CRLs in PEM, as for ssl-crl.", ValueParsers.PATH);

  public static final Option<Boolean> REQUIRE_SECURE_TRANSPORT =
      onOff(
          "require-secure-transport",
          "ON",
          "ON rejects clients that do not use TLS. OFF accepts them if their account's"
              + " rule allows it.");

  public static final Option<Optional<String>> REQUIRE =
      optional(
          "require",
          "CLAUSE",
          "What accounts without a rule must satisfy, as in GRANT ... REQUIRE: NONE, SSL,"
              + " X509, or conditions such as SUBJECT '/C=US/CN=laura' AND ISSUER '/CN=CA'. The"
              + " default is SSL, or NONE with require-secure-transport=OFF.",
          text -> text);

  public static final Option<Optional<Path>> ACCOUNTS =
      file(
          "accounts",
          "A file of rules in MySQL's syntax: GRANT, CREATE USER or ALTER USER with"
              + " REQUIRE or ACCOUNT LOCK.");

  public static final Option<Boolean> DISCONNECT_NO_LONGER_ADMITTED =
      onOff(
          "disconnect-no-longer-admitted",
          "ON",
          "ON closes connections that would no longer be allowed, because the client's"
              + " certificate has expired or been revoked, or because the rules have changed.");

  public static final Option<List<String>> TLS_VERSION =
      declare(
          "tls-version",
          "LIST",
          "TLSv1.2,TLSv1.3",
          "The TLS versions that clients may use. TLSv1 and TLSv1.1 are only for old" + " clients.",
          ValueParsers.TLS_VERSION_LIST);

  public static final Option<List<String>> SSL_CIPHER =
      declare(
          "ssl-cipher",
          "LIST",
          "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
              + ":ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
              + ":ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
          "The ciphers for TLSv1.2 and older, by OpenSSL name, in order of preference.",
          ValueParsers.names("[A-Z0-9]+(-[A-Z0-9]+)+", "cipher", "ECDHE-RSA-AES128-GCM-SHA256"));

  public static final Option<List<String>> TLS_CIPHERSUITES =
      declare(
          "tls-ciphersuites",
          "LIST",
          "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
          "The ciphers for TLSv1.3. The JDK's TLS prefers the first; with BoringSSL the client's"
              + " order decides.",
          ValueParsers.names("TLS_[A-Z0-9_]+", "TLSv1.3 cipher", "TLS_AES_128_GCM_SHA256"));

  public static final Option<List<String>> TLS_GROUPS =
      declare(
          "tls-groups",
          "LIST",
          "X25519MLKEM768:X25519:prime256v1:secp384r1",
          "The key exchange groups, by OpenSSL name, in order of preference.",
          ValueParsers.names("[A-Za-z][A-Za-z0-9_-]*", "group", "X25519"));

  public static final Option<Boolean> SSL_SESSION_CACHE_MODE =
      onOff(
          "ssl-session-cache-mode",
          "ON",
          "ON lets clients resume TLS sessions when they reconnect, which costs less.");

  public static final Option<Duration> SSL_SESSION_CACHE_TIMEOUT =
      seconds(
          "ssl-session-cache-timeout",
          "300",
          "How long a TLS session can be resumed after its first handshake. With TLSv1.3,"
              + " where each connection brings new tickets, how long each ticket is valid.",
          0,
          84_600);

  public static final Option<Optional<Path>> TLS_TICKET_KEY_FILE =
      file(
          "tls-ticket-key-file",
          "The session ticket keys, so that TLS sessions can be resumed after a restart"
              + " and at other proxies with the same file. One key per line, as printed by"
              + " openssl rand -base64 48. The last but one encrypts (or the only one), and all"
              + " decrypt. Keep it as secret as ssl-key. Without it the keys are random and end"
              + " with the process.");

  public static final Option<Duration> CONNECT_TIMEOUT =
      seconds(
          "connect-timeout",
          "8",
          "How long a client may take from connecting to completing its login. Keep it"
              + " below the server's own connect_timeout.",
          2,
          ONE_YEAR);

  public static final Option<Integer> MAX_CONNECTIONS =
      declare(
          "max-connections",
          "N",
          "0",
          "The maximum number of clients; 0 means no limit. Further clients get error"
              + " 1040, Too many connections, and the proxy opens no server connection for"
              + " them. Keep it below the server's own max_connections.",
          ValueParsers.count());

  public static final Option<Integer> MAX_UNAUTHENTICATED =
      declare(
          "max-unauthenticated",
          "N",
          "64",
          "The maximum number of clients that have connected but not yet logged in, each"
              + " of which has a server connection; 0 means no limit. Further clients get error"
              + " 1040, Too many connections. Keep it well below the server's own"
              + " max_connections.",
          ValueParsers.count());

  public static final Option<Integer> MAX_UNAUTHENTICATED_PER_ADDRESS =
      declare(
          "max-unauthenticated-per-address",
          "N",
          "0",
          "How many of the max-unauthenticated clients may come from one address, or from one"
              + " network of IPv6, /64 or /48; behind a balancer, the address in its PROXY header;"
              + " on a Unix socket, from one user."
              + " 0 is a fair share: three quarters of the places are first come, first served, and"
              + " the last quarter is for addresses that hold few or none. Those beyond get error"
              + " 1040, Too many connections. A number as high as max-unauthenticated is no limit.",
          ValueParsers.count());

  public static final Option<Optional<String>> SERVER_VERSION =
      optional(
          "server-version",
          "STRING",
          "The version to show in the greeting instead of the server's own, for drivers"
              + " that choose the TLS version by it. For example 5.6.51 in front of MySQL 5.5."
              + " Drivers also choose their SQL by it. SELECT VERSION() still returns the"
              + " server's own.",
          ValueParsers.SERVER_VERSION);

  public static final Option<Boolean> SSL_STATUS =
      onOff(
          "ssl-status",
          "ON",
          "ON answers SHOW STATUS LIKE 'Ssl%' and have_ssl for the client's own"
              + " connection. OFF returns the server's answers, which describe the connection"
              + " between proxy and server.");

  public static final Option<Boolean> CLIENT_ATTRIBUTES =
      onOff(
          "client-attributes",
          "ON",
          "ON tells the server each client's address, TLS and certificate as connection attributes,"
              + " which performance_schema.session_connect_attrs shows. OFF leaves the client's own"
              + " attributes as they are.");

  public static final Option<Networks> PROXY_PROTOCOL_NETWORKS =
      declare(
          "proxy-protocol-networks",
          "LIST",
          "",
          "The load balancers whose PROXY header, version 1 or 2, is trusted: addresses or"
              + " ADDRESS/BITS separated by commas, or * for all. A header from any other address"
              + " is an error.",
          Networks::parse);

  public static final Option<ProxyProtocol> BACKEND_PROXY_PROTOCOL =
      declare(
          "backend-proxy-protocol",
          "OFF|V1|V2",
          "OFF",
          "Sends a MariaDB or Percona server the client's address in a PROXY header of"
              + " this version. The server must list the proxy in its proxy_protocol_networks.",
          ValueParsers.oneOf(ProxyProtocol.values(), "version of the PROXY protocol"));

  public static final Option<Duration> DRAIN_TIMEOUT =
      seconds(
          "drain-timeout",
          "30",
          "How long to wait for clients to disconnect after SIGTERM before closing their"
              + " connections.",
          0,
          ONE_YEAR);

  public static final Option<Boolean> TAKEOVER =
      onOff(
          "takeover",
          "OFF",
          "ON takes over the ports of a mysql-tls-proxy that runs already, as the same user"
              + " and with the same addresses. That one goes on until this one is ready, and then"
              + " drains and ends. If none runs, the option does nothing.");

  public static final Option<LogLevel> LOG_LEVEL =
      declare(
          "log-level",
          "LEVEL",
          "info",
          "How much is logged: error, warn, info, debug or trace.",
          ValueParsers.oneOf(LogLevel.values(), "log level"));

  public static final Option<LogFormat> LOG_FORMAT =
      declare(
          "log-format",
          "FORMAT",
          "text",
          "The format of log lines: text for people, or json with one object per line.",
          ValueParsers.oneOf(LogFormat.values(), "log format"));

  public static final Option<Optional<AdminAddress>> ADMIN_ADDRESS =
      optional(
          "admin-address",
          "HOST:PORT",
          "Address of the HTTP admin endpoint: /metrics for Prometheus, /healthz, /readyz"
              + " and /connections. Without it nothing is measured.",
          AdminAddress::parse);

  public static final Option<Boolean> ADMIN_ALLOW_REMOTE =
      declare(
          "admin-allow-remote",
          "ON|OFF",
          "OFF",
          "ON allows an admin-address other than loopback. The endpoint has no password"
              + " and no TLS and shows who is connected.",
          ValueParsers.SWITCH);

  /** All of them, in the order of {@code --help}, which is that of their declarations. */
  public static final List<Option<?>> ALL = List.copyOf(DECLARED);

  /** The files that a reload reads again; every other option is read at the start only. */
  public static final List<Option<? extends Optional<?>>> RELOADED =
      List.of(
          SSL_CERT,
          SSL_KEY,
          SSL_KEY_PASSPHRASE_FILE,
          SSL_CA,
          SSL_CAPATH,
          SSL_CRL,
          SSL_CRLPATH,
          TLS_TICKET_KEY_FILE,
          ACCOUNTS);

  /** The files and directories that the options of a command name, and a reload reads again. */
  public static List<Path> reloadedFiles(OptionValues values) {
    return RELOADED.stream()
        .filter(values::has)
        .flatMap(option -> values.get(option).stream())
        .flatMap(
            value ->
                value instanceof KeyLocation key ? key.file().stream() : Stream.of((Path) value))
        .toList();
  }

  private static Option<Optional<Path>> file(String name, String meaning) {
    return optional(name, "FILE", meaning, ValueParsers.PATH);
  }

  private static <T> Option<Optional<T>> optional(
      String name, String argument, String meaning, ValueParser<T> check) {
    return declare(name, argument, "", meaning, ValueParsers.optional(check));
  }

  private static Option<Boolean> onOff(String name, String defaultText, String meaning) {
    return declare(name, "ON|OFF", defaultText, meaning, ValueParsers.SWITCH);
  }

  private static Option<Duration> seconds(
      String name, String defaultText, String meaning, int least, int most) {
    return declare(name, "SECONDS", defaultText, meaning, ValueParsers.seconds(least, most));
  }

  private static <T> Option<T> declare(
      String name, String argument, String defaultText, String meaning, ValueParser<T> check) {
    Option<T> option = new Option<>(name, argument, defaultText, meaning, check);
    DECLARED.add(option);
    return option;
  }
}
