package io.mysqltlsproxy.admin;

import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;

/** The connections of the admin port, on whose only thread all of this runs. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class AdminConnections {
  private final int limit;

  /** From the one that was served longest ago to the latest. */
  private final Map<Channel, AdminHandler> open = new LinkedHashMap<>();

  /** At most this many. */
  AdminConnections(int limit) {
    this.limit = limit;
  }

  /** One more has come. When there is no place for it, another is closed. */
  void add(Channel connection, AdminHandler handler) {
    if (open.size() >= limit) {
      Channel victim =
          open.entrySet().stream()
              .filter(each -> !each.getValue().isBusy())
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseGet(() -> open.keySet().iterator().next());
      open.remove(victim);
      victim.close();
    }
    open.put(connection, handler);
    connection.closeFuture().addListener(closed -> open.remove(connection));
  }

  /** It has sent a request. */
  void served(Channel connection) {
    AdminHandler handler = open.remove(connection);
    if (handler != null) {
      open.put(connection, handler);
    }
  }
}
