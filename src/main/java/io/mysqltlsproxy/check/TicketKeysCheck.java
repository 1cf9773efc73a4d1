package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.ticket.TicketKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether {@code tls-ticket-key-file} can be used, is kept secret, and is rotated. */
final class TicketKeysCheck {
  private static final Duration OLD = Duration.ofDays(30);

  private TicketKeysCheck() {}

  static void run(OptionValues values, Findings findings) {
    Optional<Path> file = values.get(Options.TLS_TICKET_KEY_FILE);
    if (file.isEmpty()) {
      findings.ok(
          Item.TICKET_KEYS,
          "no --tls-ticket-key-file: sessions do not resume after a restart or at another proxy");
      return;
    }
    Permissions.check(file.get(), findings);
    try {
      TicketKeyFile keys = TicketKeyFile.load(values).orElseThrow();
      warnIfOld(file.get(), findings);
      findings.okUnlessFound(Item.TICKET_KEYS, String.join(", ", keys.description()));
    } catch (OptionException e) {
      findings.wrong(Item.TICKET_KEYS, e);
    }
  }

  private static void warnIfOld(Path file, Findings findings) {
    Instant changed;
    try {
      changed = Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return; // it has been read: whatever this is, it is no old key
    }
    Duration age = Duration.between(changed, Instant.now());
    if (age.compareTo(OLD) > 0) {
      findings.warning(
          Item.TICKET_KEYS,
          file + " has not changed for " + age.toDays() + " days",
          "rotate: append a line of openssl rand -base64 48, and keep the last three");
    }
  }
}
