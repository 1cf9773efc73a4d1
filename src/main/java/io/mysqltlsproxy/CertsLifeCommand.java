package io.mysqltlsproxy;

import io.mysqltlsproxy.certs.AuthorityRenewal;
import io.mysqltlsproxy.certs.CertificateFiles;
import io.mysqltlsproxy.certs.CertsException;
import io.mysqltlsproxy.certs.Inventory;
import io.mysqltlsproxy.certs.Issued;
import io.mysqltlsproxy.certs.Renewals;
import io.mysqltlsproxy.certs.Renewals.Keys;
import io.mysqltlsproxy.certs.Renewals.Renewed;
import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.option.Option.ValueParser;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.ValueParsers;
import io.mysqltlsproxy.text.Phrases;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code certs renew}, {@code certs list} and {@code certs retire}. */
record CertsLifeCommand(Flags flags, CertificateFiles files, Instant now, PrintStream out) {
  private static final String AUTHORITY = "ca";

  private static final ValueParser<Integer> DAYS =
      ValueParsers.number(1, 36500, "not a number of days");

  private static final ValueParser<Keys> KEYS =
      text -> {
        for (Keys keys : Keys.values()) {
          if (keys.name().equalsIgnoreCase(text)) {
            return keys;
          }
        }
        throw new InvalidValueException("neither NEW nor SAME", "give NEW or SAME");
      };

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

  void renew() throws OptionException, CertsException {
    List<String> names = flags.parsed().matchedPositionalValue(0, List.of());
    Optional<Integer> within = flags.optional(CertsFlags.ENDING_WITHIN, DAYS);
    Optional<Integer> days = flags.optional(CertsFlags.DAYS, DAYS);
    Optional<Keys> keys = flags.optional(CertsFlags.KEY, KEYS);
    if (names.isEmpty() == within.isEmpty()) {
      throw new OptionException(
          "certs renew: "
              + (names.isEmpty() ? "nothing to renew" : "names and --ending-within")
              + "; give either names such as server, laura or ca, or --ending-within=DAYS");
    }
    for (String name : names) {
      if (!name.equals(CertificateFiles.SERVER)
          && !CertificateFiles.isClientName(name)
          && !(name.equals(AUTHORITY) && names.size() == 1)) {
        throw new OptionException(
            name
                + ": not the name of a certificate's files; give server, a client's name, or ca"
                + " alone");
      }
    }
    if (names.equals(List.of(AUTHORITY))) {
      renewAuthority(days, keys.orElse(Keys.SAME));
      return;
    }
    Renewals renewals = new Renewals(files, now);
    Keys chosen = keys.orElse(Keys.NEW);
    List<Renewed> renewed =
        within.isPresent()
            ? renewals.renewEnding(within.get(), days, chosen)
            : renewals.renew(names, days, chosen);
    for (Renewed each : renewed) {
      out.printf("%s-cert.pem: renewed until %s%n", each.name(), end(each.issued()));
    }
    if (renewed.isEmpty()) {
      out.printf("nothing ends within %s%n", Phrases.count(within.orElse(0), "day"));
    }
  }

  private void renewAuthority(Optional<Integer> days, Keys keys) throws CertsException {
    Issued issued = new AuthorityRenewal(files, now).renew(days, keys);
    out.printf(
        """
        ca-cert.pem: renewed until %s. It holds the new certificate and the previous one.

        1. Copy it to every client and to the proxy's ssl-ca. The proxy reloads it by itself.
        """,
        end(issued));
    out.print(
        keys == Keys.SAME
            ? """
            2. The key is the same, so all certificates remain valid. When every client has the new file:
               mysql-tls-proxy certs retire
            """
            : """
            2. Then renew everything that the previous key signed: mysql-tls-proxy certs renew server NAME...
            3. When every client has its new certificate: mysql-tls-proxy certs retire
               Until then, the previous key, ca-key.previous.pem, also signs the CRL.
            """);
  }

  void retire() throws CertsException {
    int dropped = new AuthorityRenewal(files, now).retire(flags.has(CertsFlags.FORCE));
    out.println(
        dropped == 0
            ? "ca-cert.pem holds one certificate, nothing to remove"
            : "ca-cert.pem: removed "
                + Phrases.count(dropped, "previous certificate")
                + "; copy it to the proxy and the clients");
  }

  void list() throws CertsException {
    out.printf("%-10s  %-18s  %-20s  %s%n", "until", "status", "file", "for");
    for (Inventory.Line line : new Inventory(files).lines()) {
      out.printf(
          "%-10s  %-18s  %-20s  %s (%s)%n",
          DAY.format(line.end()),
          status(line),
          line.file().orElse("-"),
          line.names(),
          line.serial());
    }
  }

  private String status(Inventory.Line line) {
    if (line.revoked().isPresent()) {
      return "revoked " + DAY.format(line.revoked().get());
    }
    return line.end().isBefore(now)
        ? "expired"
        : "valid, " + Phrases.count(now.until(line.end(), ChronoUnit.DAYS), "day");
  }

  private static String end(Issued issued) {
    return DAY.format(issued.certificate().getNotAfter().toInstant());
  }
}
