package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;

/** The servers that clients are tried with. */
enum ServerKind {
  MYSQL_5_5("MySQL 5.5.9"),
  MYSQL_5_6("MySQL 5.6.24"),
  MYSQL_9_7("MySQL 9.7"),
  MARIADB_10_2("MariaDB 10.2"),
  MARIADB_10_11("MariaDB 10.11"),
  MARIADB_11_4("MariaDB 11.4"),
  MARIADB_11_8("MariaDB 11.8");

  private final String label;

  ServerKind(String label) {
    this.label = label;
  }

  /** The one of all tests; a test that cannot have it here is skipped. */
  TestServer server() {
    return switch (this) {
      case MYSQL_5_5 -> Servers.mysql55();
      case MYSQL_5_6 -> Servers.mysql56();
      case MYSQL_9_7 -> Servers.container(Container.MYSQL_9_7);
      case MARIADB_10_2 -> Servers.mariaDb(MariaDb.MARIADB_10_2);
      case MARIADB_10_11 -> Servers.mariaDb(MariaDb.MARIADB_10_11);
      case MARIADB_11_4 -> Servers.mariaDb(MariaDb.MARIADB_11_4);
      case MARIADB_11_8 -> Servers.container(Container.MARIADB_11_8);
    };
  }

  @Override
  public String toString() {
    return label;
  }
}
