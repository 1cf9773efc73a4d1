package io.mysqltlsproxy;

import io.mysqltlsproxy.tls.ServerTls;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarFile;

/** What {@code --version} prints, for a bug report: the program's build and what it runs on. */
final class Version {
  private static final String NETTY = "netty-handler";

  private Version() {}

  /** The version alone, for example {@code 0.1.0}. */
  static String number() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "(not packaged)");
  }

  /** The program's version, then one line each for the commit, Java, Netty and the TLS library. */
  static String[] lines() {
    return new String[] {
      Main.PROGRAM + " " + number(),
      "commit: " + commit().orElse("unknown"),
      "Java:   " + property("java.version") + " (" + property("java.vendor") + ")",
      "Netty:  " + netty(),
      "TLS:    " + ServerTls.library(),
    };
  }

  /** Empty where the build had neither a repository nor was told the commit. */
  private static Optional<String> commit() {
    CodeSource source = Main.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    URI location;
    try {
      location = source.getLocation().toURI();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    try (JarFile jar = new JarFile(new File(location))) {
      return Optional.ofNullable(jar.getManifest())
          .map(manifest -> manifest.getMainAttributes().getValue("Build-Commit"))
          .filter(commit -> !commit.isBlank());
    } catch (IOException e) {
      // Classes that are not in a jar, in an IDE.
      return Optional.empty();
    }
  }

  private static String netty() {
    io.netty.util.Version handler = io.netty.util.Version.identify().get(NETTY);
    return handler == null ? "unknown" : handler.artifactVersion();
  }

  private static String property(String name) {
    return Objects.requireNonNullElse(System.getProperty(name), "unknown");
  }
}
