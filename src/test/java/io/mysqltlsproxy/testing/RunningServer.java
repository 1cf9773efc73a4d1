package io.mysqltlsproxy.testing;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server that has been started; {@code end} ends it. */
record RunningServer(String name, InetSocketAddress address, Optional<Path> socket, Runnable end)
    implements TestServer {

  /** Leaves {@code root} as the only account: an anonymous one would win over {@code 'u'@'%'}. */
  RunningServer withoutAnonymousAccounts() {
    for (List<String> row : sql("SELECT host FROM mysql.user WHERE user = ''")) {
      sql("DROP USER ''@'" + row.get(0) + "'");
    }
    return this;
  }

  @Override
  public void close() {
    end.run();
  }

  @Override
  public String toString() {
    return name;
  }
}
