package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MySQL 5.5.9, built without OpenSSL: the legacy server that this program is for.
 *
 * <p>The binary for Linux x86-64 is part of MySQL Connector/MXJ, which {@code mvn
 * dependency:copy@mysql-5.5} fetches.
 */
public final class Mysql55 {

  private static final Path ARCHIVE =
      ServerFiles.ARCHIVES.resolve("mysql-connector-mxj-db-files-5.0.12.jar");

  private Mysql55() {}

  /** Whether it is for this platform and only has to be fetched. */
  public static boolean isMissing() {
    return ServerFiles.isLinuxX64() && !Files.exists(ARCHIVE);
  }

  /** Why this server cannot run here, or empty when it can. */
  public static Optional<String> unavailable() {
    if (!ServerFiles.isLinuxX64()) {
      return Optional.of("MySQL 5.5.9 exists for Linux x86-64 only");
    }
    if (isMissing()) {
      return Optional.of("MySQL 5.5.9 is not in target/servers: mvn dependency:copy@mysql-5.5");
    }
    return mysqld().runs()
        ? Optional.empty()
        : Optional.of("MySQL 5.5.9 does not run here, see: " + home() + "/bin/mysqld --version");
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
    return mysqld().start(place, home().resolve("data"), options);
  }

  static Mysqld mysqld() {
    Path home = home();
    return new Mysqld(
        "MySQL 5.5.9",
        home.resolve("bin/mysqld"),
        Map.of(),
        List.of("--basedir=" + home, "--lc-messages-dir=" + home.resolve("share")));
  }

  /** The directory that holds {@code bin/mysqld} and the client {@code bin/mysql}. */
  public static Path home() {
    try {
      return ServerFiles.once("mysql-5.5.9", Mysql55::unpack);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(Path home) throws IOException {
    try (FileSystem jar = FileSystems.newFileSystem(ARCHIVE)) {
      ServerFiles.copy(jar.getPath("5-5-9/Linux-x86_64"), home.resolve("bin"));
      ServerFiles.unzip(jar.getPath("5-5-9/data_dir.jar"), "/", home.resolve("data"));
      ServerFiles.unzip(jar.getPath("5-5-9/share_dir.jar"), "/share", home.resolve("share"));
    }
    ServerFiles.makeExecutable(home.resolve("bin"));
  }
}
