package io.mysqltlsproxy.catalogue;

import static io.mysqltlsproxy.catalogue.Attempt.good;
import static io.mysqltlsproxy.catalogue.Failure.alike;
import static io.mysqltlsproxy.catalogue.Failure.early;
import static io.mysqltlsproxy.catalogue.Failure.login;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** The failures of the catalogue. */
final class CatalogueFailures {
  private static final String RULE = "refusals rule";
  private static final String CERTIFICATE = "refusals client_certificate";
  private static final String DENIED = "refusals denied_by_server";
  private static final String HANDSHAKE = "failures tls_handshake";
  private static final String DISTRUST = "failures proxy_certificate";
  private static final String UNREACHABLE = "failures server_unreachable";
  private static final String NO_SERVER = "failures server_protocol";
  private static final String REFUSED = "failures refused_by_server";

  /** Some clients do not notice. */
  private static final String NONE = "";

  private static final Site MYSQL =
      Site.of(
          "MySQL",
          opened -> mysql(),
          "require=X509",
          "ssl-crl=" + TestFiles.CRL,
          "accounts="
              + TestFiles.rules(
                  "ALTER USER subject REQUIRE SUBJECT '/CN=monica';",
                  "ALTER USER issuer REQUIRE ISSUER '/CN=Another CA';",
                  "ALTER USER san REQUIRE SAN 'DNS:monica.example';",
                  "ALTER USER fingerprint REQUIRE FINGERPRINT 'SHA256:" + "0".repeat(64) + "';",
                  "ALTER USER cipher REQUIRE CIPHER 'AES128-SHA';",
                  "ALTER USER locked ACCOUNT LOCK;"));

  private static final Site TLS_1_3 = mysql("TLSv1.3 only", "tls-version=TLSv1.3");
  private static final Site OTHER_NAME = certificate("another name", TestFiles.OTHER_NAME);
  private static final Site EXPIRED = certificate("expired", TestFiles.EXPIRED_SERVER);
  private static final Site STALE = mysql("stale CRL", "ssl-crl=" + TestFiles.STALE_CRL);
  private static final Site NO_CRL = mysql("another CA's CRL", "ssl-crl=" + TestFiles.OTHERS_CRL);
  private static final Site FULL =
      mysql("full", "max-connections=1")
          .held(
              (opened, proxy) ->
                  opened.keep(RawClient.loggedIn(proxy.address(), ClientTls.NONE, "root")));
  private static final Site CROWDED =
      mysql("crowded", "max-unauthenticated=1")
          .held((opened, proxy) -> opened.keep(RawClient.greeted(proxy.address())));

  static final List<Failure> ALL =
      List.of(
          login("The client asks for no TLS", MYSQL, good().plain(), "refusals insecure_transport"),
          login("The client shows no certificate", MYSQL, good().withoutCertificate(), RULE),
          login("Another SUBJECT than the rule's", MYSQL, good().as("subject"), RULE),
          login("Another ISSUER than the rule's", MYSQL, good().as("issuer"), RULE),
          login("Another SAN than the rule's", MYSQL, good().as("san"), RULE),
          login("Another FINGERPRINT than the rule's", MYSQL, good().as("fingerprint"), RULE),
          login("Another CIPHER than the rule's", MYSQL, good().as("cipher"), RULE),
          login("The account is locked", MYSQL, good().as("locked"), "refusals account_locked"),
          login("A wrong password", MYSQL, good().password("wrong"), DENIED),
          login("An unknown user", MYSQL, good().as("unknown"), DENIED),
          login("An unknown database", MYSQL, good().database("nowhere"), DENIED),
          early(
              "A client certificate of an unknown CA",
              MYSQL,
              good().certificate(TestFiles.UNKNOWN_CA),
              CERTIFICATE,
              RULE),
          early(
              "A CA's certificate in place of a client's",
              MYSQL,
              good().certificate(TestFiles.OF_A_CA),
              HANDSHAKE,
              RULE),
          early(
              "An expired client certificate",
              MYSQL,
              good().certificate(TestFiles.EXPIRED),
              CERTIFICATE),
          early(
              "A client certificate that is not yet valid",
              MYSQL,
              good().certificate(TestFiles.TOMORROW),
              CERTIFICATE),
          early(
              "A server's certificate in place of a client's",
              MYSQL,
              good().certificate(TestFiles.SERVERS),
              CERTIFICATE),
          early(
              "A revoked client certificate",
              MYSQL,
              good().certificate(TestFiles.REVOKED),
              CERTIFICATE),
          early("The CRL is stale", STALE, good(), CERTIFICATE),
          early("There is no CRL of the client's CA", NO_CRL, good(), CERTIFICATE),
          early(
              "The client has another CA than the proxy's",
              MYSQL,
              good().trusting(TestFiles.OTHER_CA),
              DISTRUST,
              HANDSHAKE,
              "failures client_closed"),
          early(
              "The proxy's certificate is for another name",
              OTHER_NAME,
              good(),
              DISTRUST,
              HANDSHAKE,
              "failures client_closed",
              "failures tls_broken",
              NONE),
          early(
              "The proxy's certificate has expired",
              EXPIRED,
              good(),
              DISTRUST,
              HANDSHAKE,
              "failures client_closed"),
          early(
              "The client has TLSv1.2 only, the proxy TLSv1.3",
              TLS_1_3,
              good().only("TLSv1.2"),
              HANDSHAKE),
          early("No cipher in common", MYSQL, good().onlyCipher("AES256-SHA"), HANDSHAKE),
          early(
              "The server is down",
              Site.of("down", opened -> down(opened.keep(new ClosedPort()))),
              good(),
              UNREACHABLE),
          alike(
              "The server's name is unknown",
              Site.of("unknown", opened -> "no-such-host.invalid:3306"),
              UNREACHABLE),
          alike(
              "The server's socket is missing",
              Site.of("socket", opened -> "unix:/nowhere/mysql.sock"),
              UNREACHABLE),
          early(
              "The server does not greet",
              fake("silent", session -> session.read(), "connect-timeout=2"),
              good(),
              UNREACHABLE),
          alike(
              "The server closes the connection at once",
              fake("closing", session -> session.socket().close()),
              UNREACHABLE),
          early("The server is this proxy itself", self(), good(), REFUSED + ", " + UNREACHABLE),
          early("An SSH server at --backend", banner("SSH-2.0-OpenSSH_9.9"), good(), NO_SERVER),
          alike("An SMTP server at --backend", banner("220 mail.example ESMTP Postfix"), NO_SERVER),
          alike("An FTP server at --backend", banner("220 (vsFTPd 3.0.5)"), NO_SERVER),
          alike("An HTTP server at --backend", banner("HTTP/1.1 400 Bad Request"), NO_SERVER),
          alike(
              "A Redis server at --backend",
              banner("-DENIED Redis is running in protected mode"),
              NO_SERVER),
          alike("A POP3 server at --backend", banner("+OK Dovecot ready."), NO_SERVER),
          early(
              "MySQL's X Protocol at --backend",
              raw("X Protocol", "050000000b08051a00"),
              good(),
              NO_SERVER),
          alike("A service on TLS at --backend", raw("TLS", "15030300020246"), NO_SERVER),
          alike(
              "A server before MySQL 3.21",
              greeting("protocol 9", Wire.of(9).text("3.20.0\0\1\0\0\0" + "12345678\0").bytes()),
              NO_SERVER),
          early(
              "The server has no connection left",
              error(1040, "Too many connections"),
              good(),
              REFUSED),
          early(
              "The server has blocked the proxy's host",
              error(
                  1129,
                  "Host '10.0.0.1' is blocked because of many connection errors; unblock with"
                      + " 'mysqladmin flush-hosts'"),
              good(),
              "failures host_blocked"),
          early(
              "The server has no account for the proxy's host",
              error(1130, "Host '10.0.0.1' is not allowed to connect to this MySQL server"),
              good(),
              REFUSED),
          login(
              "The server closes the connection during the login",
              fake("vanishing", CatalogueFailures::vanish),
              good(),
              "failures server_closed"),
          login(
              "The server requires TLS of its own",
              fake(
                  "its own TLS",
                  session ->
                      deny(
                          session,
                          3159,
                          "Connections using insecure transport are prohibited while"
                              + " --require_secure_transport=ON.")),
              good(),
              DENIED),
          login(
              "The account's plugin wants the password in clear",
              fake("clear password", CatalogueFailures::clearPassword),
              good(),
              "refusals authentication_method"),
          early(
              "As many clients as --max-connections allows",
              FULL,
              good(),
              "refusals too_many_connections"),
          early(
              "As many logins as --max-unauthenticated allows",
              CROWDED,
              good(),
              "refusals too_many_connections"),
          early(
              "No PROXY header from a balancer that owes one",
              mysql(
                  "no header",
                  "connect-timeout=2",
                  "proxy-protocol-networks=127.0.0.0/8",
                  "backend-proxy-protocol=V2"),
              good(),
              "failures timeout"));

  private CatalogueFailures() {}

  private static String mysql() {
    TestServer server = Servers.mysql55();
    server.sql("GRANT USAGE ON *.* TO 'app'@'localhost' IDENTIFIED BY 'secret'");
    return "127.0.0.1:" + server.port();
  }

  private static Site mysql(String name, String... options) {
    return Site.of(name, opened -> mysql(), options);
  }

  private static Site certificate(String name, Path base) {
    return mysql(name, "ssl-cert=" + TestFiles.pem(base), "ssl-key=" + TestFiles.key(base));
  }

  private static String down(ClosedPort port) {
    return "127.0.0.1:" + port.number();
  }

  private static Site fake(String name, ScriptedServer.Script script, String... options) {
    return Site.of(
        name, opened -> "127.0.0.1:" + opened.keep(ScriptedServer.start(script)).port(), options);
  }

  private static Site banner(String line) {
    byte[] bytes = Wire.of().text(line + "\r\n").bytes();
    return fake(line, session -> session.sendRaw(bytes));
  }

  private static Site raw(String name, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return fake(name, session -> session.sendRaw(bytes));
  }

  private static Site greeting(String name, byte[] payload) {
    return fake(name, session -> session.send(0, payload));
  }

  private static Site error(int code, String text) {
    return greeting(text, Wire.err(code, "", text));
  }

  private static Site self() {
    return Site.of("itself", opened -> "127.0.0.1:" + FreePort.find(), CatalogueProxy.AT_BACKEND);
  }

  private static void vanish(ScriptedServer.Session session) throws IOException {
    session.send(0, Wire.greeting());
    session.read();
    session.socket().close();
  }

  private static void deny(ScriptedServer.Session session, int code, String text)
      throws IOException {
    session.send(0, Wire.greeting());
    if (ScriptedServer.login(session)) {
      session.send(2, Wire.err(code, "HY000", text));
    }
  }

  private static void clearPassword(ScriptedServer.Session session) throws IOException {
    session.send(0, Wire.greeting());
    if (ScriptedServer.login(session)) {
      session.send(2, Wire.authSwitchRequest("mysql_clear_password", ""));
      session.read();
      session.send(4, Wire.err(1045, "28000", "Access denied"));
    }
  }
}
