package io.mysqltlsproxy.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Unix socket in a directory that everyone may write to, as a volume of a pod is. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the threads
class SocketEntranceTest {
  private static final int MAX_PATH_LENGTH = 107;

  private final EventLoopGroup group = Transports.best().newGroup(1);
  private final Path directory;
  private final Path socket;
  private final Path secret;

  SocketEntranceTest(@TempDir Path temporary) throws IOException {
    directory = Files.createDirectory(temporary.resolve("shared"));
    socket = directory.resolve("mysql.sock");
    secret = temporary.resolve("key.pem");
  }

  @BeforeEach
  void prepare() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  @AfterEach
  void end() {
    group.shutdownGracefully();
  }

  private Channel open(Path path, ChannelHandler handler) throws BindException {
    return new SocketEntrance(path, /* asksForUsers= */ false)
        .open(
            new ServerBootstrap()
                .group(group)
                .handler(handler)
                .childHandler(new ArrivalHandler(Channel::close)));
  }

  private Channel open(Path path) throws BindException {
    return open(path, new ChannelInboundHandlerAdapter());
  }

  private static void close(Channel listener) {
    listener.close().awaitUninterruptibly();
  }

  private static boolean takes(Path path) {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return client.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(Path::getFileName).toList();
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** What somebody else does at the moment when there is a socket, though not yet open to all. */
  private interface Mischief {
    void make() throws IOException;
  }

  private static ChannelHandlerAdapter once(Mischief mischief) {
    return new ChannelOutboundHandlerAdapter() {
      @Override
      public void bind(ChannelHandlerContext ctx, SocketAddress address, ChannelPromise promise) {
        ctx.bind(address)
            .addListener(
                bound -> {
                  try {
                    mischief.make();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                  promise.setSuccess();
                });
      }
    };
  }

  @Test
  void aLinkInThePlaceOfTheSocketIsNotFollowed() throws Exception {
    assertThrows(
        BindException.class,
        () ->
            open(
                socket,
                once(
                    () -> {
                      Files.deleteIfExists(socket);
                      Files.createSymbolicLink(socket, secret);
                    })));

    assertEquals("rw-------", permissions(secret));
  }

  @Test
  void aLinkInADirectoryThatWasSwappedIsNotFollowed() throws Exception {
    Channel listener =
        open(
            socket,
            once(
                () -> {
                  for (Path each : files()) {
                    Path there = directory.resolve(each);
                    Files.move(there, directory.resolve("mine"));
                    Files.createDirectory(there);
                    Files.createSymbolicLink(there.resolve(socket.getFileName()), secret);
                  }
                }));

    assertEquals("rw-------", permissions(secret));
    assertEquals("rw-rw-rw-", permissions(socket));
    assertTrue(takes(socket));
    close(listener);
  }

  @Test
  void onlyTheSocketIsLeftInTheDirectoryAndNothingAfterwards() throws Exception {
    Channel listener = open(socket);
    assertEquals(List.of(socket.getFileName()), files());
    assertEquals("rw-rw-rw-", permissions(socket));
    assertTrue(takes(socket));

    close(listener);
    assertEquals(List.of(), files());
  }

  @Test
  void theSocketOfAnotherProcessAtThePathStaysWhenThisOneEnds() throws Exception {
    Channel listener = open(socket);
    Files.delete(socket);
    try (ServerSocketChannel another = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      another.bind(UnixDomainSocketAddress.of(socket));
      close(listener);

      assertTrue(takes(socket));
    }
  }

  @Test
  void aPathAsLongAsLinuxTakesCanBeListenedAt() throws Exception {
    Path pathAtLimit = directory.resolve("s".repeat(MAX_PATH_LENGTH - (directory + "/").length()));
    Channel listener = open(pathAtLimit);

    assertEquals(List.of(pathAtLimit.getFileName()), files());
    BindException failure = assertThrows(BindException.class, () -> open(pathAtLimit));
    assertEquals(
        "cannot listen at " + pathAtLimit + ": Address already in use", failure.getMessage());
    close(listener);
    assertEquals(List.of(), files());
  }

  @Test
  void theStaleSocketOfALongPathIsReplaced() throws Exception {
    Path pathAtLimit = directory.resolve("s".repeat(MAX_PATH_LENGTH - (directory + "/").length()));
    try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      gone.bind(UnixDomainSocketAddress.of(socket));
      Files.move(socket, pathAtLimit);
    }

    Channel listener = open(pathAtLimit);
    assertEquals(List.of(pathAtLimit.getFileName()), files());
    close(listener);
  }

  @Test
  void aFileSystemWithoutHardLinksIsNamedAndAFullOneKeepsItsOwnReason() {
    SocketEntrance entrance = new SocketEntrance(socket, /* asksForUsers= */ false);
    FileSystemException full =
        new FileSystemException(socket.toString(), null, "No space left on device");

    assertEquals(full, entrance.linkFailure(full));
    assertEquals(
        "cannot listen at " + socket + ": the file system of " + directory + " has no hard links",
        entrance
            .linkFailure(
                new FileSystemException(socket.toString(), null, "Operation not permitted"))
            .getMessage());
  }

  @Test
  void aMissingDirectoryIsNamed() {
    BindException failure =
        assertThrows(BindException.class, () -> open(directory.resolve("none/mysql.sock")));

    assertEquals(
        "cannot listen at "
            + directory.resolve("none/mysql.sock")
            + ": there is no directory "
            + directory.resolve("none"),
        failure.getMessage());
  }
}
