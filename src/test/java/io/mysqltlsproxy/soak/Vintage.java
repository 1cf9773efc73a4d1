package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.RestartableServer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The servers, each with drivers of its time. */
enum Vintage {
  MYSQL_5_5(JdbcDriver.CONNECTOR_J_5_1, JdbcDriver.MARIADB_2) {
    @Override
    Optional<String> unavailable() {
      return Mysql55.unavailable();
    }

    @Override
    RestartableServer start() throws IOException {
      return RestartableServer.mysql55();
    }
  },
  MARIADB_10_11(JdbcDriver.MARIADB_3, JdbcDriver.CONNECTOR_J_8) {
    @Override
    Optional<String> unavailable() {
      return MariaDb.MARIADB_10_11.unavailable();
    }

    @Override
    RestartableServer start() throws IOException {
      return RestartableServer.mariaDb();
    }
  },
  MYSQL_9_7(JdbcDriver.CONNECTOR_J_9, JdbcDriver.MARIADB_4) {
    @Override
    Optional<String> unavailable() {
      return Container.MYSQL_9_7.unavailable();
    }

    @Override
    RestartableServer start() throws IOException {
      return RestartableServer.container(Container.MYSQL_9_7);
    }
  };

  private final JdbcDriver one;
  private final JdbcDriver other;

  Vintage(JdbcDriver one, JdbcDriver other) {
    this.one = one;
    this.other = other;
  }

  List<JdbcDriver> drivers() {
    return List.of(one, other);
  }

  /** Why it cannot run here, or empty when it can. */
  abstract Optional<String> unavailable();

  abstract RestartableServer start() throws IOException;
}
