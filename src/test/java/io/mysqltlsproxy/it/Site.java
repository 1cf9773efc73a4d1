package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;

/** A server with accounts for the tests, and a proxy before it that requires certificates. */
record Site(TestServer server, RunningProxy proxy) implements AutoCloseable {
  private static final String PASSWORD = "open sesame";

  /** The account that every server has, with the plugin that is usual there. */
  static final String USER = "usual";

  /** Accounts of one server each. */
  static final String SHA256_USER = "sha256";

  static final String OLD_PASSWORD_USER = "old";

  static Site of(ServerKind kind) {
    TestServer server = kind.server();
    server.sql(
        "SET GLOBAL max_allowed_packet = 134217728",
        "SET GLOBAL local_infile = ON",
        "CREATE DATABASE IF NOT EXISTS it");
    if (kind == ServerKind.MYSQL_9_7) {
      create(server, USER, "WITH caching_sha2_password BY");
      create(server, SHA256_USER, "WITH sha256_password BY");
    } else if (kind == ServerKind.MYSQL_5_5) {
      create(server, USER, "BY");
      create(server, OLD_PASSWORD_USER, "BY");
      server.sql(
          "SET SESSION old_passwords = 1",
          "SET PASSWORD FOR 'old'@'%' = PASSWORD('" + PASSWORD + "')");
    } else {
      create(server, USER, "BY");
    }
    return new Site(server, RunningProxy.before(server.address(), "require=X509"));
  }

  /** Where another test has not already done so. */
  private static void create(TestServer server, String user, String how) {
    String account = "'" + user + "'@'%'";
    if (!server.sql("SELECT 1 FROM mysql.user WHERE user = '" + user + "'").isEmpty()) {
      return;
    }
    server.sql(
        "CREATE USER " + account + " IDENTIFIED " + how + " '" + PASSWORD + "'",
        "GRANT ALL ON *.* TO " + account);
  }

  /** As the usual user, through the proxy. */
  Login login() {
    return login(USER);
  }

  /** Through the proxy. */
  Login login(String user) {
    return Login.through(proxy, user, PASSWORD);
  }

  /** To the server itself. */
  Login direct(String user) {
    return Login.directly(server, user, PASSWORD);
  }

  /** As root, without a password, to the server itself. */
  Login directAsRoot() {
    return Login.directly(server, "root", server.rootPassword());
  }

  /** Ends the proxy; the server is for all tests. */
  @Override
  public void close() {
    proxy.close();
  }
}
