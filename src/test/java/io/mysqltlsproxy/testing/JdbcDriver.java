package io.mysqltlsproxy.testing;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The JDBC drivers that MySQL's and MariaDB's users have, each in a class loader of its own, from
 * the files that {@code mvn dependency:copy@drivers} fetches.
 */
public enum JdbcDriver {
  CONNECTOR_J_3_1("mysql-connector-java-3.1.14.jar", "com.mysql.jdbc.Driver", "mysql"),
  CONNECTOR_J_5_0("mysql-connector-java-5.0.8.jar", "com.mysql.jdbc.Driver", "mysql"),
  CONNECTOR_J_5_1("mysql-connector-java-5.1.49.jar", "com.mysql.jdbc.Driver", "mysql"),
  CONNECTOR_J_8("mysql-connector-j-8.0.33.jar", "com.mysql.cj.jdbc.Driver", "mysql"),
  CONNECTOR_J_9("mysql-connector-j-9.7.0.jar", "com.mysql.cj.jdbc.Driver", "mysql"),
  CONNECTOR_J_26("mysql-connector-j-26.10.0.jar", "com.mysql.cj.jdbc.Driver", "mysql"),
  MARIADB_2("mariadb-java-client-2.7.13.jar", "org.mariadb.jdbc.Driver", "mariadb"),
  MARIADB_3("mariadb-java-client-3.5.11.jar", "org.mariadb.jdbc.Driver", "mariadb"),
  MARIADB_4("mariadb-java-client-4.0.0.jar", "org.mariadb.jdbc.Driver", "mariadb");

  private static final Map<JdbcDriver, Driver> LOADED = new ConcurrentHashMap<>();

  private final Path jar;
  private final String className;
  private final String scheme;

  JdbcDriver(String jar, String className, String scheme) {
    this.jar = Path.of("target", "drivers", jar).toAbsolutePath();
    this.className = className;
    this.scheme = scheme;
  }

  /** Those that are still in use: they have plugins, and TLS that works with this Java. */
  public static List<JdbcDriver> ofToday() {
    return Stream.of(values()).filter(driver -> !driver.isWithoutPlugins()).toList();
  }

  /** Whether it is as old as MySQL 4.1 or 5.0, and knows no authentication plugins. */
  public boolean isWithoutPlugins() {
    return this == CONNECTOR_J_3_1 || this == CONNECTOR_J_5_0;
  }

  /** Why this driver cannot be used here, or empty when it can. */
  public Optional<String> unavailable() {
    return Files.exists(jar)
        ? Optional.empty()
        : Optional.of(jar.getFileName() + " is not in target/drivers: mvn dependency:copy@drivers");
  }

  /**
   * Whether it takes MariaDB Connector/J's properties ({@code sslMode=trust}), not Connector/J's.
   */
  public boolean isMariaDb() {
    return scheme.equals("mariadb");
  }

  /**
   * Connects to 127.0.0.1.
   *
   * @param database the default database, or empty for none
   * @param properties the driver's own names, {@code user} and {@code password} among them
   */
  public Connection connect(int port, String database, Map<String, String> properties)
      throws SQLException {
    return connect("jdbc:" + scheme + "://127.0.0.1:" + port + "/" + database, properties);
  }

  /** Connects to where the URL says. */
  public Connection connect(String url, Map<String, String> properties) throws SQLException {
    Properties copy = new Properties();
    copy.putAll(properties);
    Driver driver = LOADED.computeIfAbsent(this, JdbcDriver::load);
    Connection connection = driver.connect(url, copy);
    if (connection == null) {
      throw new SQLException(this + " does not take " + url);
    }
    return connection;
  }

  @SuppressWarnings("resource") // The driver needs its class loader as long as it is used.
  private Driver load() {
    try {
      URL[] urls = {jar.toUri().toURL()};
      ClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
      return (Driver) loader.loadClass(className).getDeclaredConstructor().newInstance();
    } catch (MalformedURLException | ReflectiveOperationException e) {
      throw new IllegalStateException(jar + " holds no " + className, e);
    }
  }
}
