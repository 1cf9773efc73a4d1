package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where the server listens; {@code toString} is the text that {@code --backend} takes. */
public sealed interface Backend {

  /** The port of a server whose text names none. */
  int DEFAULT_PORT = 3306;

  /** What the text of a socket begins with. */
  String UNIX = "unix:";

  /** The longest path that Linux takes in {@code sun_path}, unix(7), less its final NUL. */
  int MAX_SOCKET_PATH_BYTES = 107;

  /**
   * A server on the network.
   *
   * @param host a name or an IP address, an IPv6 address without brackets
   */
  record Tcp(String host, int port) implements Backend {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** A server on this machine, at an absolute path. */
  record UnixSocket(Path path) implements Backend {
    @Override
    public String toString() {
      return UNIX + path;
    }
  }

  /** Reads HOST, HOST:PORT, [IPV6], [IPV6]:PORT or unix:/PATH. */
  static Backend parse(String text) throws InvalidValueException {
    return text.startsWith(UNIX) ? unixSocket(text.substring(UNIX.length())) : tcp(text);
  }

  private static Backend unixSocket(String text) throws InvalidValueException {
    String hint = "give the absolute path of the server's socket, such as unix:/run/mysqld.sock";
    try {
      Path path = Path.of(text);
      if (!path.isAbsolute()) {
        throw new InvalidValueException("not an absolute path", hint);
      }
      if (text.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
        throw new InvalidValueException(
            "longer than a socket's path may be",
            "use a path of at most " + MAX_SOCKET_PATH_BYTES + " bytes");
      }
      return new UnixSocket(path);
    } catch (InvalidPathException e) {
      throw new InvalidValueException("not a path", hint);
    }
  }

  private static Backend tcp(String text) throws InvalidValueException {
    int bracket = text.indexOf(']');
    int colon = text.indexOf(':', Math.max(bracket, 0));
    if (bracket < 0 && colon != text.lastIndexOf(':')) {
      throw new InvalidValueException(
          "an IPv6 address needs brackets", "write [" + text + "] or [ADDRESS]:" + DEFAULT_PORT);
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    int port = colon < 0 ? DEFAULT_PORT : ValueParsers.port(1).parse(text.substring(colon + 1));
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (!(bracketed ? ValueParsers.isIpv6(host) : ValueParsers.isHost(host))) {
      throw new InvalidValueException(
          "not the address of a server", "give HOST:PORT, [IPV6]:PORT, HOST or unix:/PATH");
    }
    return new Tcp(host, port);
  }
}
