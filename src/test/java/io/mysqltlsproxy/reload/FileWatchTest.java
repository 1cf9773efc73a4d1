package io.mysqltlsproxy.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When files count as changed, and as whole; time is the test's own. */
class FileWatchTest {
  private static final long LOOK = FileWatch.REST_NANOS / 2;

  private final Path dir;
  private final Path file;
  private long time;
  private FileWatch watch;

  FileWatchTest(@TempDir Path dir) throws IOException {
    this.dir = dir;
    file = Files.writeString(dir.resolve("rules.sql"), "first;\nsecond;\n");
    watch = new FileWatch(List.of(file), () -> time);
  }

  @Test
  void aFileThatGrowsIsLeftAloneForAnHourAndReadOnceItRests() throws Exception {
    for (int i = 0; i < 100; i++) {
      Files.writeString(file, "a line;\n", StandardOpenOption.APPEND);
      time += FileWatch.REST_NANOS - 1;
      assertFalse(changedAndResting());
    }

    assertTrue(looksUntilRest() <= 3);
  }

  @Test
  void aFileThatIsShorterThanTheOneInForceMustRestForLonger() throws Exception {
    Files.writeString(file, "first;\n");
    assertFalse(changedAndResting());
    time += FileWatch.REST_OF_SHRUNKEN_NANOS - 1;
    assertFalse(changedAndResting());
    time += 1;
    assertTrue(changedAndResting());
  }

  @Test
  void ofAShortFileThatCouldNotBeUsedTheNextIsComparedWithTheOneInForce() throws Exception {
    Files.writeString(file, "");
    looksUntilRest();
    watch.take();
    Files.writeString(file, "first;\n");
    assertFalse(changedAndResting());
    time += FileWatch.REST_NANOS;

    assertFalse(changedAndResting());

    time += FileWatch.REST_OF_SHRUNKEN_NANOS;
    assertTrue(changedAndResting());
  }

  @Test
  void aFileThatIsGoneAndComesBackIsTwoChanges() throws Exception {
    Path kept = Files.move(file, dir.resolve("kept"));
    looksUntilRest();
    watch.take();
    Files.move(kept, file);

    looksUntilRest();

    assertTrue(watch.changed());
  }

  @Test
  void newContentOfTheSameSizeAndTimeOfModificationIsAChange() throws Exception {
    var modified = Files.getLastModifiedTime(file);
    Files.writeString(file, "FIRST;\nSECOND;\n");
    Files.setLastModifiedTime(file, modified);

    looksUntilRest();

    assertTrue(watch.changed());
  }

  @Test
  void anotherFileRenamedToItsPlaceAndADirectoryThatIsSwappedAreChanges() throws Exception {
    Path next = Files.writeString(dir.resolve("next"), "first;\nsecond;\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    looksUntilRest();
    assertTrue(watch.changed());

    Path data = Files.createDirectory(dir.resolve("data"));
    Files.writeString(data.resolve("a.pem"), "a");
    Path link = Files.createSymbolicLink(dir.resolve("link"), data.getFileName());
    watch = new FileWatch(List.of(link), () -> time);
    Path other = Files.createDirectory(dir.resolve("other"));
    Files.writeString(other.resolve("a.pem"), "a");
    Files.createSymbolicLink(dir.resolve("link.new"), other.getFileName());
    Files.move(dir.resolve("link.new"), link, StandardCopyOption.ATOMIC_MOVE);
    looksUntilRest();
    assertTrue(watch.changed());
  }

  @Test
  void aFileThatAnotherProcessHasOpenForWritingIsLeftAloneUntilItClosesIt() throws Exception {
    Process writer =
        new ProcessBuilder("sh", "-c", "exec >> \"$0\"; echo 'third;'; read end", file.toString())
            .start();
    try {
      while (!Files.readString(file).contains("third")) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 10; i++) {
        time += 10 * FileWatch.REST_OF_SHRUNKEN_NANOS;
        assertFalse(changedAndResting());
      }
      OpenWriters.Writer seen = watch.writer().orElseThrow();
      assertEquals(file.toRealPath(), seen.file());
      assertEquals(writer.pid() + " (sh)", seen.process());
    } finally {
      writer.getOutputStream().close();
      writer.waitFor();
    }
    time += FileWatch.REST_NANOS;
    assertTrue(changedAndResting());
  }

  @Test
  void howLongAFileHasRestedDoesNotDependOnTheOthers() throws Exception {
    Path other = Files.writeString(dir.resolve("crl.pem"), "a");
    watch = new FileWatch(List.of(file, other), () -> time);
    assertEquals(Long.MAX_VALUE, watch.restedNanos(file));
    Files.writeString(file, "FIRST;\nSECOND;\n");
    looksUntilRest();
    watch.take();
    long rested = watch.restedNanos(file);
    Files.writeString(other, "b");
    time += FileWatch.REST_NANOS;
    watch.look();

    assertEquals(rested + FileWatch.REST_NANOS, watch.restedNanos(file));
    assertEquals(0, watch.restedNanos(other));
  }

  @Test
  void onlyAFileThatTookAnothersPlaceInOneStepIsAReplacement() throws Exception {
    Files.writeString(file, "FIRST;\nSECOND;\n");
    looksUntilRest();
    assertTrue(watch.wasWrittenInPlace(file));

    Path next = Files.writeString(dir.resolve("next"), "first;\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    looksUntilRest();
    assertFalse(watch.wasWrittenInPlace(file));

    Files.move(file, dir.resolve("kept"));
    watch.look();
    Files.writeString(file, "first;\n");
    looksUntilRest();
    assertTrue(watch.wasWrittenInPlace(file));
  }

  /** Whether it could be used or not. */
  @Test
  void aFileThatWasMovedThereAndThenMendedIsWrittenInPlace() throws Exception {
    Path next = Files.writeString(dir.resolve("next"), "frist;\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    looksUntilRest();
    watch.take();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    watch.look();
    assertFalse(watch.wasWrittenInPlace(file));

    Files.writeString(file, "first;\n");
    watch.look();

    assertTrue(watch.wasWrittenInPlace(file));
  }

  /** Many processes write to /dev/null at any time, and none of them writes a file. */
  @Test
  void aDeviceIsNotWaitedForThoughOthersWriteToIt() throws Exception {
    Process writer =
        new ProcessBuilder("sh", "-c", "exec 3> /dev/null; echo open; read end").start();
    try {
      assertEquals('o', writer.getInputStream().read());
      Files.delete(file);
      Files.createSymbolicLink(file, Path.of("/dev/null"));
      watch.look();
      time += FileWatch.REST_OF_SHRUNKEN_NANOS;

      assertTrue(changedAndResting());
    } finally {
      writer.getOutputStream().close();
      writer.waitFor();
    }
  }

  private boolean changedAndResting() {
    watch.look();
    return watch.changed() && watch.resting();
  }

  private int looksUntilRest() {
    int looks = 1;
    while (!changedAndResting()) {
      time += LOOK;
      looks++;
      assertTrue(looks < 1000, "never comes to rest");
    }
    return looks;
  }
}
