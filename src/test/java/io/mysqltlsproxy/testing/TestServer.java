package io.mysqltlsproxy.testing;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A real MySQL or MariaDB server with TLS off that lives for the tests, listening on 127.0.0.1 or
 * in a {@link NetworkNamespace}.
 */
public interface TestServer extends AutoCloseable {

  /** The product and its version, e.g. {@code MySQL 5.5.9}. */
  String name();

  /** Where it listens. */
  InetSocketAddress address();

  /** The TCP port. */
  default int port() {
    return address().getPort();
  }

  /** The Unix socket, where the server has one on this machine. */
  Optional<Path> socket();

  /** The password of {@code root}, empty for none. */
  default String rootPassword() {
    return "";
  }

  /** What the server answers to {@code SELECT VERSION()}, e.g. {@code 5.5.9}. */
  default String version() {
    return sql("SELECT VERSION()").get(0).get(0);
  }

  /**
   * Runs the statements as root over the plain port, in one session.
   *
   * @return the rows of the last statement that has any, each value as text, NULL as {@code "NULL"}
   * @throws AssertionError when the server refuses one, naming the statement
   */
  default List<List<String>> sql(String... statements) {
    return Sql.asRoot(this, statements);
  }

  /** Ends the server at once; its data is thrown away. */
  @Override
  void close();
}
