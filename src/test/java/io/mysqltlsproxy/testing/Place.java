package io.mysqltlsproxy.testing;

import java.net.InetAddress;
import java.util.List;

/**
 * Where a server program runs.
 *
 * @param prefix what comes before its command to run it there
 * @param address the only one it listens at
 * @param clientHost this machine as the server sees it, to which root's account belongs
 */
record Place(List<String> prefix, InetAddress address, String clientHost) {
  static final Place LOOPBACK = new Place(List.of(), InetAddress.getLoopbackAddress(), "localhost");
}
