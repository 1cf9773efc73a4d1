package io.mysqltlsproxy.tls.ticket;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.Exposure;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.mysqltlsproxy.text.Phrases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of {@code tls-ticket-key-file}: a line each, 48 random bytes in base64, as {@code
 * openssl rand -base64 48} prints them, the oldest first.
 *
 * <p>The last but one encrypts, as in HAProxy's {@code tls-ticket-keys}. So a new key, appended, is
 * at first only accepted, and encrypts from the next rotation on, when every proxy knows it.
 */
public final class TicketKeyFile {
  /** The engine compares the key of a ticket with one after another. */
  private static final int MOST = 16;

  private static final Logger LOG = LoggerFactory.getLogger(TicketKeyFile.class);

  private static final String MAKE = "each line is a key as openssl rand -base64 48 prints it";

  private final List<TicketKey> keys;

  TicketKeyFile(List<TicketKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Reads the file; empty where the option is not given. */
  public static Optional<TicketKeyFile> load(OptionValues values) throws OptionException {
    Optional<Path> file = values.get(Options.TLS_TICKET_KEY_FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (Resumption.lifetime(values).isZero()) {
      throw values.wrong(
          Options.TLS_TICKET_KEY_FILE,
          "of no use where ssl-session-cache-mode is OFF or ssl-session-cache-timeout is 0: no"
              + " session is resumed",
          "leave one of the two out");
    }
    try {
      return Optional.of(read(file.get()));
    } catch (UnusableFileException e) {
      throw e.of(Options.TLS_TICKET_KEY_FILE, values);
    }
  }

  /** Logs a warning where everyone can use the file. */
  public static void warn(OptionValues values) {
    values.get(Options.TLS_TICKET_KEY_FILE).ifPresent(file -> Exposure.warn(file, LOG));
  }

  static TicketKeyFile read(Path file) throws UnusableFileException {
    String text = new String(PemFile.bytes(file), StandardCharsets.ISO_8859_1);
    List<String> lines = text.lines().map(String::strip).toList();
    List<TicketKey> keys = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int line = 1; line <= lines.size(); line++) {
      if (lines.get(line - 1).isEmpty()) {
        continue;
      }
      TicketKey key = key(lines.get(line - 1), line);
      int same = keys.indexOf(key);
      if (same >= 0) {
        throw new UnusableFileException(
            "lines " + places.get(same) + " and " + line + " hold the same key",
            "delete one of them; openssl rand -base64 48 makes another");
      }
      keys.add(key);
      places.add(line);
    }
    if (keys.isEmpty()) {
      throw new UnusableFileException("holds no key", MAKE);
    }
    if (keys.size() > MOST) {
      throw new UnusableFileException(
          "holds " + keys.size() + " keys, and " + MOST + " are the most",
          "delete the oldest, which come first");
    }
    return new TicketKeyFile(keys);
  }

  private static TicketKey key(String base64, int line) throws UnusableFileException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new UnusableFileException("line " + line + " is not base64", MAKE);
    }
    if (bytes.length != TicketKey.LENGTH) {
      throw new UnusableFileException(
          "line "
              + line
              + " holds "
              + Phrases.count(bytes.length, "byte")
              + ", and a key has "
              + TicketKey.LENGTH,
          MAKE);
    }
    return new TicketKey(bytes);
  }

  /** All of them, the oldest first. */
  List<TicketKey> keys() {
    return keys;
  }

  /** The one that encrypts. */
  TicketKey encrypting() {
    return keys.get(Math.max(0, keys.size() - 2));
  }

  /** The keys' names, a line each, and in another which of them encrypts: nothing secret. */
  public List<String> description() {
    return Stream.concat(
            keys.stream().map(TicketKey::toString),
            Stream.of("tickets encrypted by " + encrypting().name()))
        .toList();
  }
}
