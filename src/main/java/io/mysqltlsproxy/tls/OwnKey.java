package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.KeyLocation;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.option.Pkcs11Uri;
import io.mysqltlsproxy.pem.Exposure;
import io.mysqltlsproxy.pem.KeyFile;
import io.mysqltlsproxy.pem.Passphrase;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.mysqltlsproxy.pkcs11.TokenException;
import io.mysqltlsproxy.pkcs11.TokenKey;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** The key of {@code ssl-key}, from a file or on a token. */
public final class OwnKey {
  private OwnKey() {}

  /**
   * Reads or finds it. One on a token has signed once.
   *
   * @param location the value of {@code ssl-key}
   */
  public static PrivateKey load(OptionValues values, KeyLocation location) throws OptionException {
    return location instanceof KeyLocation.File file
        ? read(values, file.path())
        : find(values, ((KeyLocation.Token) location).uri());
  }

  private static PrivateKey find(OptionValues values, Pkcs11Uri uri) throws OptionException {
    Optional<Path> pinFile = values.get(Options.SSL_KEY_PASSPHRASE_FILE);
    if (pinFile.isPresent() && uri.pinFile().isPresent()) {
      throw values.wrong(
          Options.SSL_KEY_PASSPHRASE_FILE,
          "the URI of --ssl-key has a pin-source, too",
          "leave out one of the two");
    }
    try {
      return TokenKey.load(uri, pinFile.or(uri::pinFile));
    } catch (TokenException e) {
      throw e.of(Options.SSL_KEY, values);
    }
  }

  private static PrivateKey read(OptionValues values, Path file) throws OptionException {
    try (Passphrase passphrase = passphrase(values)) {
      return KeyFile.read(file, passphrase.chars()).key();
    } catch (UnusableFileException e) {
      throw e.of(Options.SSL_KEY, values);
    } catch (KeyFile.BadPassphrase e) {
      throw e.given()
          ? values.wrong(
              Options.SSL_KEY_PASSPHRASE_FILE,
              "its first line is not the passphrase of " + file,
              "write the right one there")
          : values.wrong(
              Options.SSL_KEY, "the key is encrypted", "give --ssl-key-passphrase-file=FILE");
    }
  }

  private static Passphrase passphrase(OptionValues values) throws OptionException {
    Optional<Path> file = values.get(Options.SSL_KEY_PASSPHRASE_FILE);
    try {
      return file.isPresent() ? Passphrase.read(file.get()) : Passphrase.none();
    } catch (UnusableFileException e) {
      throw e.of(Options.SSL_KEY_PASSPHRASE_FILE, values);
    }
  }

  /** The files whose reader can use the key. */
  public static List<Path> secrets(OptionValues values) {
    return Stream.concat(
            values.get(Options.SSL_KEY).flatMap(KeyLocation::file).stream(),
            values.get(Options.SSL_KEY_PASSPHRASE_FILE).stream())
        .toList();
  }

  /** Logs a warning for each that everyone can use. */
  static void warn(OptionValues values, Logger log) {
    secrets(values).forEach(file -> Exposure.warn(file, log));
  }
}
