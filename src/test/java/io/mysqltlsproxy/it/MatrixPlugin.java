package io.mysqltlsproxy.it;

import static io.mysqltlsproxy.it.ServerKind.MARIADB_11_8;
import static io.mysqltlsproxy.it.ServerKind.MYSQL_5_5;
import static io.mysqltlsproxy.it.ServerKind.MYSQL_5_6;
import static io.mysqltlsproxy.it.ServerKind.MYSQL_9_7;

import io.mysqltlsproxy.testing.TestServer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** The authentication plugins that a server brings along, and how it makes an account with one. */
enum MatrixPlugin {
  MYSQL_NATIVE_PASSWORD("native"),
  MYSQL_OLD_PASSWORD("old"),
  SHA256_PASSWORD("sha256"),
  CACHING_SHA2_PASSWORD("sha2"),
  ED25519("ed25519"),
  PARSEC("parsec");

  private final String prefix;

  MatrixPlugin(String prefix) {
    this.prefix = prefix;
  }

  /** The account with one of the passwords, in the 16 characters that old servers allow. */
  String user(MatrixPassword password) {
    return prefix + "_" + password.suffix();
  }

  static List<MatrixPlugin> of(ServerKind kind) {
    return EnumSet.allOf(MatrixPlugin.class).stream().filter(plugin -> plugin.isIn(kind)).toList();
  }

  private boolean isIn(ServerKind kind) {
    return switch (this) {
      case MYSQL_NATIVE_PASSWORD, MYSQL_OLD_PASSWORD -> kind != MYSQL_9_7;
      case SHA256_PASSWORD -> kind == MYSQL_5_6 || kind == MYSQL_9_7;
      case CACHING_SHA2_PASSWORD -> kind == MYSQL_9_7 || kind == MARIADB_11_8;
      case ED25519, PARSEC -> kind == MARIADB_11_8;
    };
  }

  /**
   * Whether a server that needs one has an RSA key: the build of 5.6.24 with yaSSL cannot have one,
   * so without TLS nobody can log in to it with sha256_password.
   */
  boolean hasRsaKey(ServerKind kind) {
    return this != SHA256_PASSWORD || kind != MYSQL_5_6;
  }

  /**
   * The column of {@code performance_schema.host_cache} in which a wrong password counts:
   * sha256_password tells the server only that something is wrong.
   */
  String deniedCountsAs() {
    return this == SHA256_PASSWORD ? "COUNT_AUTH_PLUGIN_ERRORS" : "COUNT_AUTHENTICATION_ERRORS";
  }

  /** Makes a server ready for {@link #create}. */
  static void prepare(TestServer server, ServerKind kind) {
    if (kind == MARIADB_11_8) {
      for (String library : List.of("auth_ed25519", "auth_parsec")) {
        String name = "'" + library + ".so'";
        if (server.sql("SELECT 1 FROM mysql.plugin WHERE dl = " + name).isEmpty()) {
          server.sql("INSTALL SONAME " + name);
        }
      }
    }
    if (kind != MYSQL_9_7 && kind != MYSQL_5_5) {
      server.sql("SET GLOBAL secure_auth = OFF");
    }
  }

  /** Makes one anew. */
  void create(TestServer server, ServerKind kind, String user, String password) {
    String account = "'" + user + "'@'%'";
    List<String> statements = new ArrayList<>();
    if (!server.sql("SELECT 1 FROM mysql.user WHERE user = '" + user + "'").isEmpty()) {
      statements.add("DROP USER " + account);
    }
    statements.addAll(
        switch (this) {
          case MYSQL_NATIVE_PASSWORD ->
              List.of("CREATE USER " + account + " IDENTIFIED BY '" + password + "'");
          case MYSQL_OLD_PASSWORD ->
              kind == MYSQL_5_6
                  ? byOldPasswords(account, password, "mysql_old_password", 1)
                  : List.of(
                      "CREATE USER " + account,
                      "SET PASSWORD FOR " + account + " = OLD_PASSWORD('" + password + "')");
          case SHA256_PASSWORD, CACHING_SHA2_PASSWORD ->
              switch (kind) {
                case MYSQL_5_6 -> byOldPasswords(account, password, "sha256_password", 2);
                case MYSQL_9_7 ->
                    List.of(
                        "CREATE USER "
                            + account
                            + " IDENTIFIED WITH "
                            + this
                            + " BY '"
                            + password
                            + "'");
                default -> via(account, password);
              };
          case ED25519, PARSEC -> via(account, password);
        });
    server.sql(statements.toArray(String[]::new));
  }

  /** MySQL 5.6 hashes as the variable says. */
  private static List<String> byOldPasswords(
      String account, String password, String plugin, int oldPasswords) {
    return List.of(
        "CREATE USER " + account + " IDENTIFIED WITH " + plugin,
        "SET SESSION old_passwords = " + oldPasswords,
        "SET PASSWORD FOR " + account + " = PASSWORD('" + password + "')");
  }

  private List<String> via(String account, String password) {
    return List.of(
        "CREATE USER "
            + account
            + " IDENTIFIED VIA "
            + this
            + " USING PASSWORD('"
            + password
            + "')");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
