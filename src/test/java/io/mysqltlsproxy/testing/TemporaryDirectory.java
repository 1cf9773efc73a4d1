package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that is deleted with all that is in it, with this JVM at the latest. */
public final class TemporaryDirectory implements AutoCloseable {

  private final Path path;
  private final Thread hook;

  private TemporaryDirectory(Path path) {
    this.path = path;
    this.hook = new Thread(() -> ServerFiles.delete(path), "directory-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public static TemporaryDirectory create(String prefix) throws IOException {
    return new TemporaryDirectory(Files.createTempDirectory(prefix));
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    ServerFiles.delete(path);
  }
}
