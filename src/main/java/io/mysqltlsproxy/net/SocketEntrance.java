package io.mysqltlsproxy.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A Unix socket. Its file is open to everyone, as mysqld's is: the kernel says of each connection
 * whose it is.
 *
 * @param path of the file, which goes when the channel is closed
 * @param asksForUsers whether it matters who connects
 */
public record SocketEntrance(Path path, boolean asksForUsers) implements Entrance {
  private static final String OPEN_TO_ALL = "rw-rw-rw-";

  /** Of {@code st_mode}, inode(7): {@code S_IFMT} and {@code S_IFSOCK}. */
  private static final int FILE_TYPE = 0xF000;

  private static final int SOCKET = 0xC000;

  @Override
  public Channel open(ServerBootstrap bootstrap) throws BindException {
    Transports transports = Transports.best();
    if (asksForUsers && !transports.knowsUnixPeers()) {
      throw cannotListen("this platform cannot tell who connects to a Unix socket");
    }
    removeStale();
    ChannelFuture bound =
        bootstrap
            .channelFactory(transports.unixListener())
            .bind(transports.unixAddress(path))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw Entrance.unusable(path.toString(), bound.cause());
    }
    Optional<Object> own = inode();
    bound
        .channel()
        .closeFuture()
        .addListener(
            closed -> {
              if (own.isPresent() && own.equals(inode())) {
                delete();
              }
            });
    try {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(OPEN_TO_ALL));
    } catch (IOException e) {
      bound.channel().close().awaitUninterruptibly();
      throw Entrance.unusable(path.toString(), e);
    }
    return bound.channel();
  }

  /** Removes the file of a process that is gone, as mysqld does, and no other. */
  private void removeStale() throws BindException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if ((mode & FILE_TYPE) != SOCKET) {
        throw cannotListen("there is a file that is not a socket");
      }
      if (isListenedTo()) {
        throw cannotListen("Address already in use");
      }
    } catch (BindException e) {
      throw e;
    } catch (IOException e) {
      throw Entrance.unusable(path.toString(), e);
    }
    delete();
  }

  /** Without waiting: a process that is stopped, its queue full, would never answer. */
  private boolean isListenedTo() throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (ConnectException refused) {
      return false;
    } catch (BindException e) { // as the JDK calls it where permission is denied
      throw Entrance.unusable(path.toString(), e);
    }
  }

  /** What file is there now; another process may have put its own in the place of this one's. */
  private Optional<Object> inode() {
    try {
      return Optional.ofNullable(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The next process that listens there removes it.
    }
  }

  private BindException cannotListen(String why) {
    return new BindException("cannot listen at " + path + ": " + why);
  }
}
