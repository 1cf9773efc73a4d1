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
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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

  /** Where the socket's own name is too long, since the paths of sockets are short. */
  private static final Path SHORT_NAME = Path.of("s");

  /** In bytes; Linux takes paths of sockets that are one byte longer. */
  private static final int MAX_JDK_PATH_LENGTH = 106;

  /** EPERM, EOPNOTSUPP and ENOSYS, link(2). */
  private static final Set<String> NO_HARD_LINKS =
      Set.of("Operation not permitted", "Operation not supported", "Function not implemented");

  @Override
  public Channel open(ServerBootstrap bootstrap) throws BindException {
    Transports transports = Transports.best();
    if (asksForUsers && !transports.knowsUnixPeers()) {
      throw cannotListen("this platform cannot tell who connects to a Unix socket");
    }
    removeStale();
    try (PrivateDirectory directory = PrivateDirectory.in(directory())) {
      return open(bootstrap, transports, privatePath(directory));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Under its own name if that fits: {@code ss -xl} goes on showing where it was made. */
  private Path privatePath(PrivateDirectory directory) {
    Path own = directory.resolve(path.getFileName());
    return isShort(own) ? own : directory.resolve(SHORT_NAME);
  }

  /**
   * Makes the socket where nobody else can put a link in its place before it is open to all, since
   * that link would be followed; and only then gives it its path.
   */
  private Channel open(ServerBootstrap bootstrap, Transports transports, Path made)
      throws IOException {
    ChannelFuture bound =
        bootstrap
            .channelFactory(transports.unixListener())
            .bind(transports.unixAddress(made))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw Entrance.unusable(path.toString(), bound.cause());
    }
    try {
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(OPEN_TO_ALL));
      link(made);
    } catch (IOException e) {
      bound.channel().close().awaitUninterruptibly();
      throw e;
    } finally {
      Files.deleteIfExists(made);
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
    return bound.channel();
  }

  private void link(Path made) throws IOException {
    try {
      Files.createLink(path, made);
    } catch (FileSystemException e) {
      throw linkFailure(e);
    }
  }

  /**
   * Why the socket did not get its path; {@code run} names the remedy where hard links are missing.
   */
  IOException linkFailure(FileSystemException e) {
    return NO_HARD_LINKS.contains(String.valueOf(e.getReason()))
        ? cannotListen("the file system of " + directory() + " has no hard links")
        : e;
  }

  @Override
  public String shown(Channel listener) {
    return path.toString();
  }

  private Path directory() {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a socket is no root");
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
    } catch (IOException e) {
      throw unusable(e);
    }
    delete();
  }

  private boolean isListenedTo() throws IOException {
    if (isShort(path)) {
      return isListenedTo(path);
    }
    try (PrivateDirectory directory = PrivateDirectory.in(directory())) {
      Path link = Files.createSymbolicLink(directory.resolve(SHORT_NAME), path.toAbsolutePath());
      try {
        return isListenedTo(link);
      } finally {
        Files.delete(link);
      }
    }
  }

  private static boolean isShort(Path socket) {
    return socket.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_JDK_PATH_LENGTH;
  }

  /** Without waiting: a process that is stopped, its queue full, would never answer. */
  private boolean isListenedTo(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(socket));
      return true;
    } catch (ConnectException refused) {
      return false;
    } catch (BindException e) { // as the JDK calls it where permission is denied
      throw Entrance.unusable(path.toString(), e);
    }
  }

  /** Identifies the file at the path; another process may have replaced this one's. */
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

  private BindException unusable(IOException e) {
    if (e instanceof BindException known) {
      return known;
    }
    if (e instanceof NoSuchFileException) {
      return cannotListen("there is no directory " + directory());
    }
    if (e instanceof AccessDeniedException) {
      return cannotListen("Permission denied");
    }
    return e instanceof FileAlreadyExistsException
        ? cannotListen("Address already in use")
        : Entrance.unusable(path.toString(), e);
  }

  private BindException cannotListen(String why) {
    return new BindException("cannot listen at " + path + ": " + why);
  }
}
