package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.Exposure;
import io.mysqltlsproxy.pem.OwnFile;
import io.mysqltlsproxy.tls.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code ssl-self-signed-dir}: whether {@code run} can keep its certificate there, and nobody else
 * can put one in its place.
 */
final class SelfSignedCheck {
  private SelfSignedCheck() {}

  /** Says nothing where the certificate stays in memory. */
  static void check(OptionValues values, Findings findings) {
    Optional<Path> file = SelfSignedCertificate.file(values);
    if (file.isEmpty()) {
      return;
    }
    Path directory = values.get(Options.SSL_SELF_SIGNED_DIR).orElseThrow();
    if (!Files.exists(directory)) {
      missing(directory, findings);
      return;
    }
    if (!Files.isDirectory(directory)) {
      findings.wrong(Item.KEY, directory + " is not a directory", "give one that is");
      return;
    }
    directory(directory, findings);
    file(file.get(), findings);
    findings.okUnlessFound(
        Item.KEY_PERMISSIONS, "nobody else can read or replace the certificate in " + directory);
  }

  private static void missing(Path directory, Findings findings) {
    Path above = directory.toAbsolutePath().normalize();
    while (!Files.exists(above) && above.getParent() != null) {
      above = above.getParent();
    }
    if (Files.isDirectory(above) && Files.isWritable(above)) {
      findings.ok(Item.KEY, directory + " does not exist yet: run creates it, with an EC key");
    } else {
      findings.wrong(
          Item.KEY,
          directory + " does not exist, and this user cannot create it",
          "create it for the user of the proxy: install -d -m 700 " + directory);
    }
  }

  private static void directory(Path directory, Findings findings) {
    if (!Files.isWritable(directory)) {
      findings.wrong(
          Item.KEY,
          "this user cannot write to " + directory + ", so the certificate cannot be renewed",
          "chown it to the user of the proxy");
    }
    OwnFile.problem(directory)
        .filter(problem -> !Files.isSymbolicLink(directory))
        .ifPresent(
            problem ->
                findings.warning(
                    Item.KEY_PERMISSIONS,
                    directory + " " + problem + ": its owner can replace the certificate",
                    "chown it to the user of the proxy"));
    Exposure writing = Exposure.ofWriting(directory);
    if (writing == Exposure.EVERYONE) {
      findings.wrong(
          Item.KEY_PERMISSIONS,
          "everyone on this machine can replace the certificate in " + directory,
          "chmod 700 " + directory);
    } else if (writing == Exposure.GROUP) {
      findings.warning(
          Item.KEY_PERMISSIONS,
          "the group of " + directory + " can replace the certificate in it",
          "chmod 700 " + directory);
    }
  }

  private static void file(Path file, Findings findings) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      findings.ok(Item.KEY, "run creates " + file + ", with an EC key");
      return;
    }
    Optional<String> problem = OwnFile.problem(file);
    if (problem.isPresent()) {
      findings.wrong(
          Item.KEY,
          file + " " + problem.get() + ": somebody else may know its key",
          "remove it, and run makes another");
      return;
    }
    if (Exposure.of(file) == Exposure.EVERYONE) {
      findings.warning(
          Item.KEY_PERMISSIONS,
          "everyone on this machine can use " + file + ", so run replaces it",
          Exposure.hint(file));
    } else {
      Permissions.check(file, findings);
    }
  }
}
