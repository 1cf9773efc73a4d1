package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that keep the image small, whatever the JDK's package ships. */
class RuntimeSizeIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"));
  private static final int MEGABYTE = 1_000_000;

  private Path runtime = Path.of("");

  @BeforeEach
  void makeARuntime(@TempDir Path directory) throws IOException {
    runtime = directory;
    for (String file : List.of("bin/java", "lib/libnet.so", "lib/server/libjvm.so", "release")) {
      Path copy = runtime.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(JAVA.resolve(file), copy);
    }
  }

  @Test
  void whatJavaDoesNotNeedIsRemovedFromTheRuntime() throws IOException {
    List<String> before = files();
    for (String planted :
        List.of(
            "bin/java.debuginfo",
            "bin/keytool",
            "conf/security/java.debuginfo",
            "lib/libnet.debuginfo",
            "lib/server/libjvm.debuginfo",
            "lib/server/libjvm.so.debug",
            "lib/server/libjvm.diz",
            "lib/debug/lib/server/libjvm.so",
            "lib/src.zip")) {
      plant(planted, MEGABYTE);
    }

    assertEquals(0, script("prune-runtime", runtime.toString()).status());

    assertEquals(before, files());
  }

  @Test
  void theBuildFailsAndNamesTheLargestFilesWhenTheImageGrowsTooLarge() throws IOException {
    plant("lib/planted.debuginfo", 120 * MEGABYTE);
    Tool.Result tooLarge = script("check-size", runtime.toString(), "120");

    assertEquals(1, tooLarge.status());
    assertTrue(tooLarge.error().contains("the image may add 120 MB to its base"), tooLarge::error);
    assertTrue(
        tooLarge.error().contains("120000000 " + runtime.resolve("lib/planted.debuginfo")),
        tooLarge::error);
  }

  @Test
  void anImageWithinTheLimitIsBuilt() {
    assertEquals(0, script("check-size", runtime.toString(), "120").status());
  }

  private void plant(String file, int bytes) throws IOException {
    Path path = runtime.resolve(file);
    Files.createDirectories(path.getParent());
    try (var planted = new RandomAccessFile(path.toFile(), "rw")) {
      planted.setLength(bytes);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(runtime)) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  private static Tool.Result script(String name, String... arguments) {
    List<String> command =
        Stream.concat(Stream.of("src/main/docker/" + name), Stream.of(arguments)).toList();
    return Tool.run(command.toArray(String[]::new));
  }
}
