package io.mysqltlsproxy.catalogue;

import io.mysqltlsproxy.testing.Docker;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The containers of the clients that come from images. */
final class CatalogueImages implements AutoCloseable {
  static final String MARIADB = "catalogue-mariadb-" + ProcessHandle.current().pid();
  static final String MYSQL = "catalogue-mysql-" + ProcessHandle.current().pid();

  private final boolean engine;

  private CatalogueImages(boolean engine) {
    this.engine = engine;
  }

  static CatalogueImages start() {
    boolean engine = Docker.unavailable().isEmpty();
    if (engine) {
      start(MARIADB, "mariadb:11.8");
      start(MYSQL, "mysql:9.7");
    }
    return new CatalogueImages(engine);
  }

  private static void start(String name, String image) {
    String temporary = System.getProperty("java.io.tmpdir");
    Docker.run(
        "run",
        "--detach",
        "--rm",
        "--network=host",
        "--volume=" + temporary + ":" + temporary,
        "--name=" + name,
        "--entrypoint=sleep",
        image,
        "infinity");
  }

  /** Those that this machine has. */
  List<CatalogueClient> clients() {
    Set<CatalogueClient> some = EnumSet.allOf(CatalogueClient.class);
    if (!engine) {
      some.remove(CatalogueClient.MARIADB_11_8);
      some.remove(CatalogueClient.MYSQL_9_7);
    }
    some.removeIf(client -> !client.isInstalled());
    return new ArrayList<>(some);
  }

  @Override
  public void close() {
    if (engine) {
      Docker.succeeds("rm", "--force", MARIADB, MYSQL);
    }
  }
}
