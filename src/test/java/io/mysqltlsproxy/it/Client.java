package io.mysqltlsproxy.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A program or driver of MySQL's or MariaDB's users. Each call is a session of its own. */
interface Client {

  /** What goes wrong in a session. */
  final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String message) {
      super(message);
    }
  }

  /** What the client and what the server say about the same session. */
  record ConnectionIds(long client, long server) {}

  /** Why this client cannot run here, or empty when it can. */
  Optional<String> unavailable();

  /**
   * Runs statements that have at most one row of one column, in one session.
   *
   * @return the values, one for each statement that has a row
   * @throws Failure with errno, SQLSTATE and text as in {@code 1146 42S02 Table 'a.b' doesn't
   *     exist} where the server refuses one
   */
  List<String> query(Login login, String... statements) throws Failure;

  /** The greeting's connection id, and {@code connection_id()}. */
  ConnectionIds connectionIds(Login login) throws Failure;

  /** Executes {@code sql} as a prepared statement of the server, with a number and a text. */
  String prepared(Login login, String sql, long number, String text) throws Failure;

  /** Sends a value as one statement, and has the server send it back. */
  byte[] echo(Login login, byte[] value) throws Failure;

  /** Runs {@code LOAD DATA LOCAL INFILE 'file' INTO TABLE} and the rest. */
  void load(Login login, Path file, String tableAndFormat) throws Failure;

  /** Whether it can change the user of a session. */
  default boolean changesUser() {
    return false;
  }

  /** Whether it can connect by a Unix socket. */
  default boolean connectsBySocket() {
    return false;
  }

  /**
   * Makes many attempts, one after the other, in as few processes as this client allows.
   *
   * @return for each {@code CURRENT_USER()}, or the error as {@link Failure} has it
   */
  List<String> outcomes(List<Attempt> attempts);

  /**
   * The cipher suite as the client sees it, in OpenSSL's name; empty where the client does not say.
   */
  Optional<String> cipher(Login login) throws Failure;
}
