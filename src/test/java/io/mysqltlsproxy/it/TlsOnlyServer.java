package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A server that requires TLS of everyone, and a mirror beside the client.
 *
 * @param server refuses every plain connection
 * @param connect shows the server the client's certificate of {@link ProxyCertificates#shared}
 * @param asRoot the same server, for statements of root's by way of the mirror
 */
record TlsOnlyServer(TestServer server, RunningProxy connect, TestServer asRoot)
    implements AutoCloseable {
  static final String PASSWORD = "open sesame";

  /** The account with the plugin that is usual there. */
  static final String USER = "usual";

  /** The same, for clients with the certificate that the mirror shows. */
  static final String BY_CERTIFICATE = "other";

  /** Which one. */
  enum Kind {
    MYSQL_9_7("MySQL 9.7"),
    MARIADB_10_11("MariaDB 10.11"),
    MARIADB_11_8("MariaDB 11.8");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  static TlsOnlyServer of(Kind kind) {
    TestServer server = start(kind);
    server.sql(
        "SET GLOBAL max_allowed_packet = 134217728",
        "SET GLOBAL local_infile = ON",
        "CREATE DATABASE IF NOT EXISTS it",
        "CREATE USER '" + Attempt.FIRST_USER + "'@'%'");
    switch (kind) {
      case MYSQL_9_7 -> {
        create(server, USER, "WITH caching_sha2_password BY");
        create(server, BY_CERTIFICATE, "WITH caching_sha2_password BY");
        create(server, "sha256", "WITH sha256_password BY");
      }
      case MARIADB_10_11 -> {
        create(server, USER, "BY");
        create(server, BY_CERTIFICATE, "BY");
      }
      case MARIADB_11_8 -> {
        create(server, USER, "BY");
        create(server, BY_CERTIFICATE, "BY");
        server.sql(
            "INSTALL SONAME 'auth_ed25519'",
            "INSTALL SONAME 'auth_parsec'",
            "CREATE USER 'ed25519'@'%' IDENTIFIED VIA ed25519 USING PASSWORD('" + PASSWORD + "')",
            "CREATE USER 'parsec'@'%' IDENTIFIED VIA parsec USING PASSWORD('" + PASSWORD + "')",
            // Asks for the first, is not content, and asks for the second.
            "CREATE USER 'either'@'%' IDENTIFIED VIA ed25519 USING PASSWORD('another password')"
                + " OR mysql_native_password USING PASSWORD('"
                + PASSWORD
                + "')");
      }
    }
    server.sql(
        "ALTER USER '" + BY_CERTIFICATE + "'@'%' REQUIRE SUBJECT '/CN=client/O=Test'",
        "SET GLOBAL require_secure_transport = ON");
    RunningProxy connect = RunningProxy.connecting(server.port(), options());
    return new TlsOnlyServer(server, connect, new ByWay(server.name(), connect.address()));
  }

  /** Those of the mirror, but for the server's address and its CA. */
  static String[] options() {
    ProxyCertificates certificates = ProxyCertificates.shared();
    return new String[] {
      "ssl-cert=" + certificates.clientCert(), "ssl-key=" + certificates.clientKey()
    };
  }

  /** The server by way of the mirror, which ends both. */
  private record ByWay(String name, InetSocketAddress address) implements TestServer {
    @Override
    public Optional<Path> socket() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private static TestServer start(Kind kind) {
    ProxyCertificates certificates = ProxyCertificates.shared();
    return switch (kind) {
      case MYSQL_9_7 -> container(Container.MYSQL_9_7);
      case MARIADB_11_8 -> container(Container.MARIADB_11_8);
      case MARIADB_10_11 -> {
        MariaDb.MARIADB_10_11.unavailable().ifPresent(Assumptions::abort);
        try {
          yield MariaDb.MARIADB_10_11.start(
              "--ssl",
              "--ssl-ca=" + certificates.ca(),
              "--ssl-cert=" + certificates.serverCert(),
              "--ssl-key=" + certificates.serverKey());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private static TestServer container(Container image) {
    image.unavailable().ifPresent(Assumptions::abort);
    return image.startWithTls(ProxyCertificates.shared());
  }

  private static void create(TestServer server, String user, String how) {
    server.sql(
        "CREATE USER '" + user + "'@'%' IDENTIFIED " + how + " '" + PASSWORD + "'",
        "GRANT ALL ON *.* TO '" + user + "'@'%'");
  }

  /** Without TLS, to the mirror. */
  Login login(String user) {
    return new Login(connect.port(), user, PASSWORD, Optional.empty());
  }

  /** Without TLS, to the server itself. */
  Login direct(String user) {
    return new Login(server.port(), user, PASSWORD, Optional.empty());
  }

  List<List<String>> sql(String... statements) {
    return asRoot.sql(statements);
  }

  @Override
  public void close() {
    connect.close();
    server.close();
  }
}
