package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Files of a proxy with which all is well, for a mistake to be made in: {@code ca-cert.pem} has
 * signed {@code server-cert.pem}; {@code sub-cert.pem} is an intermediate of that CA, and {@code
 * other-cert.pem} another CA. Each has its key.
 */
final class Site {
  private static final Map<String, Path> MADE = new ConcurrentHashMap<>();

  final String keyType;
  final OpenSsl openssl;
  private final Map<String, String> options = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<Path> clientsCa = new ArrayList<>();

  private Site(String keyType, Path directory) {
    this.keyType = keyType;
    this.openssl = new OpenSsl(directory);
    set("ssl-cert", "server-cert.pem")
        .set("ssl-key", "server-key.pem")
        .set("ssl-ca", "ca-cert.pem");
    options.put("port", "0");
  }

  /** Makes one in an empty directory; the keys of one type are made once. */
  static Site create(String keyType, Path directory) {
    Path made = MADE.computeIfAbsent(keyType, Site::make);
    try (Stream<Path> files = Files.list(made)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Site(keyType, directory);
  }

  private static Path make(String keyType) {
    try {
      Path directory = Files.createTempDirectory("site-");
      directory.toFile().deleteOnExit();
      OpenSsl openssl = new OpenSsl(directory);
      for (String name : List.of("ca", "sub", "server", "other")) {
        openssl.key(name, keyType);
      }
      openssl
          .certificate("ca", "/CN=Test CA", OpenSsl.CA, "ca")
          .certificate("other", "/CN=Other CA", OpenSsl.CA, "other")
          .certificate("sub", "/CN=Sub CA", OpenSsl.CA, "ca")
          .certificate("server", "/CN=db.example.com", OpenSsl.SERVER, "ca");
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets an option to a file. */
  Site set(String option, String file) {
    return option(option, path(file).toString());
  }

  Site option(String option, String value) {
    options.put(option, value);
    return this;
  }

  Site without(String option) {
    options.remove(option);
    return this;
  }

  Site name(String name) {
    names.add(name);
    return this;
  }

  Site clientsCa(String file) {
    clientsCa.add(path(file));
    return this;
  }

  Path path(String file) {
    return openssl.path(file);
  }

  Site directory(String name) {
    try {
      Files.createDirectory(path(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Signs the server's certificate again, for a year. */
  Site server(String extensions, String issuer, String... more) {
    openssl.certificate("server", "/CN=db.example.com", extensions, issuer, -1, 365, more);
    return this;
  }

  /** Signs the server's certificate for other days. */
  Site server(int fromDays, int toDays) {
    openssl.certificate("server", "/CN=db.example.com", OpenSsl.SERVER, "ca", fromDays, toDays);
    return this;
  }

  Site permissions(String file, String permissions) {
    try {
      Files.setPosixFilePermissions(path(file), PosixFilePermissions.fromString(permissions));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As if the file had been written so long ago. */
  Site changed(String file, Duration ago) {
    try {
      Files.setLastModifiedTime(path(file), FileTime.from(Instant.now().minus(ago)));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes rules, and lets the proxy read them. */
  Site rules(String... lines) {
    openssl.write("accounts.sql", String.join("\n", lines) + "\n");
    return set("accounts", "accounts.sql");
  }

  OptionValues values() {
    try {
      return OptionSources.read(options, Map.of(), path("no-option-file.cnf"));
    } catch (OptionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is found without a server. */
  List<Finding> findings() {
    return checklist().files(values()).all();
  }

  Checklist checklist() {
    return new Checklist(names, clientsCa);
  }
}
