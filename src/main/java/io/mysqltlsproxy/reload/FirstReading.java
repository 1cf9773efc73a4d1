package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.connection.SecurityPolicy;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The files at the start. Nothing is in force yet that could stay so until they are whole: they are
 * waited for, and where that takes too long, the program does not start.
 */
final class FirstReading {
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LOOK_MILLIS = 20;

  private FirstReading() {}

  /**
   * Reads the files, as they are once they have come to rest.
   *
   * @throws OptionException for the first option or file that cannot be used, and for one that is
   *     still being written after ten seconds
   */
  static SecurityPolicy of(OptionValues values, FileWatch files) throws OptionException {
    checkOptionFile(values);
    long end = System.nanoTime() + MAX_WAIT_NANOS;
    while (true) {
      awaitRest(files, end);
      files.take();
      try {
        SecurityPolicy policy = SecurityPolicy.load(values);
        if (files.unchangedSinceTaken()) {
          files.use();
          return policy;
        }
        policy.close();
      } catch (OptionException e) {
        if (files.unchangedSinceTaken()) {
          throw e;
        }
      }
    }
  }

  private static void awaitRest(FileWatch files, long end) throws OptionException {
    while (!files.restingAtStart(Instant.now())) {
      if (System.nanoTime() - end >= 0) {
        throw new OptionException(
            files
                .anyWriter()
                .map(FirstReading::beingWritten)
                .orElse(
                    "the files of certificates, CRLs and rules keep changing; start again when they"
                        + " stay the same"));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new OptionException("interrupted while waiting for files that are being written");
      }
    }
  }

  /** It has been read already: a line that has yet to come would have its default. */
  private static void checkOptionFile(OptionValues values) throws OptionException {
    Optional<Path> file = values.get(Options.DEFAULTS_FILE);
    Optional<OpenWriters.Writer> writer =
        file.flatMap(path -> OpenWriters.of(FileStamps.of(List.of(path)).regular()));
    if (writer.isPresent()) {
      throw new OptionException(beingWritten(writer.get()));
    }
  }

  private static String beingWritten(OpenWriters.Writer writer) {
    return writer.described()
        + ", so a part of it may be missing; start again once that has closed it";
  }
}
