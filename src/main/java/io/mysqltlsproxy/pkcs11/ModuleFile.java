package io.mysqltlsproxy.pkcs11;

import io.mysqltlsproxy.option.Pkcs11Uri;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The library that a URI means: by its path, by its name, or p11-kit's, which knows all others. */
final class ModuleFile {
  private static final String P11_KIT = "p11-kit-proxy";
  private static final List<String> SUBDIRECTORIES = List.of("", "pkcs11", "softhsm");
  private static final List<String> ENDINGS = List.of(".so", ".dylib", ".dll", "");

  private ModuleFile() {}

  static Path of(Pkcs11Uri uri) throws TokenException {
    Optional<Path> path = uri.modulePath();
    if (path.isPresent() && !Files.isDirectory(path.get())) {
      if (!Files.isReadable(path.get())) {
        throw new TokenException(
            "module-path: "
                + path.get()
                + (Files.exists(path.get()) ? " cannot be read" : ": no such file"),
            "give the PKCS#11 library of the token's maker, such as libsofthsm2.so of SoftHSM's"
                + " package");
      }
      return real(path.get());
    }
    String name = uri.moduleName().orElse(P11_KIT);
    if (path.isPresent() && uri.moduleName().isEmpty()) {
      throw new TokenException(
          "module-path: " + path.get() + " is a directory",
          "give the library, or module-name, too");
    }
    List<Path> directories = path.isPresent() ? List.of(path.get()) : usual();
    for (Path directory : directories) {
      for (String ending : ENDINGS) {
        for (String prefix : List.of("", "lib")) {
          Path candidate = directory.resolve(prefix + name + ending);
          if (Files.isRegularFile(candidate)) {
            return real(candidate);
          }
        }
      }
    }
    throw new TokenException(
        uri.moduleName().isPresent()
            ? "module-name: no " + name + ".so in " + listed(directories)
            : "it names no module, and " + P11_KIT + ".so is not installed",
        "give the PKCS#11 library of the token's maker with module-path=FILE");
  }

  /** A process initializes a module once, by whichever links it is named. */
  private static Path real(Path module) {
    try {
      return module.toRealPath();
    } catch (IOException e) {
      return module.toAbsolutePath();
    }
  }

  private static List<Path> usual() {
    List<Path> found = new ArrayList<>();
    List<Path> bases = new ArrayList<>();
    try (DirectoryStream<Path> multiarch =
        Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu*")) {
      multiarch.forEach(bases::add);
    } catch (IOException none) {
      // Another kind of system.
    }
    for (String base : List.of("/usr/lib64", "/usr/lib", "/usr/local/lib", "/opt/homebrew/lib")) {
      bases.add(Path.of(base));
    }
    for (Path base : bases) {
      for (String subdirectory : SUBDIRECTORIES) {
        Path directory = base.resolve(subdirectory);
        if (Files.isDirectory(directory)) {
          found.add(directory);
        }
      }
    }
    return found;
  }

  private static String listed(List<Path> directories) {
    return String.join(", ", directories.stream().map(Path::toString).toList());
  }
}
