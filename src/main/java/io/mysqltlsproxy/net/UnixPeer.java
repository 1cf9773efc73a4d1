package io.mysqltlsproxy.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The process at the other end of a Unix socket, as it was when it connected: unix(7).
 *
 * @param user its effective user's number, unsigned as those of groups are
 * @param groups the numbers of its effective group and of its supplementary ones
 */
public record UnixPeer(int user, Set<Integer> groups) {
  private static final int MAX_GROUPS = 1024;

  /** {@code SOL_SOCKET} and {@code SO_PEERGROUPS} of Linux 4.13, the same on x86-64 and arm64. */
  private static final RawUnixChannelOption PEER_GROUPS =
      new RawUnixChannelOption("SO_PEERGROUPS", 1, 59, MAX_GROUPS * Integer.BYTES);

  public UnixPeer {
    groups = Set.copyOf(groups);
  }

  /** Who has connected; empty where the channel is no Unix socket, or the system does not tell. */
  public static Optional<UnixPeer> of(Channel accepted) {
    if (!(accepted instanceof EpollDomainSocketChannel unix)) {
      return Optional.empty();
    }
    try {
      PeerCredentials credentials = unix.peerCredentials();
      Set<Integer> groups = new HashSet<>(supplementary(unix));
      for (int effective : credentials.gids()) {
        groups.add(effective);
      }
      return Optional.of(new UnixPeer(credentials.uid(), groups));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /**
   * Netty does not tell how many there are: zeros follow the last. So root's group counts only as
   * the effective one. There are none where the kernel does not tell, or where there are too many.
   */
  private static Set<Integer> supplementary(EpollDomainSocketChannel peer) {
    Set<Integer> groups = new HashSet<>();
    try {
      ByteBuffer numbers = peer.config().getOption(PEER_GROUPS).order(ByteOrder.nativeOrder());
      while (numbers.remaining() >= Integer.BYTES) {
        groups.add(numbers.getInt());
      }
      groups.remove(0);
    } catch (ChannelException unknown) {
      groups.clear();
    }
    return groups;
  }
}
