package io.mysqltlsproxy.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.CRLReason;

/**
 * What an authority has signed and revoked, in the form of {@code openssl ca}'s database: a line
 * per certificate, with tabs between status, end, revocation, serial number, file name and subject.
 *
 * @see <a href="https://docs.openssl.org/3.0/man1/openssl-ca/">openssl-ca</a>
 */
record Index(List<Entry> entries) {

  static final Index EMPTY = new Index(List.of());

  private static final int FIELDS = 6;
  private static final String VALID = "V";
  private static final String REVOKED = "R";

  /** UTCTime up to 2049 and GeneralizedTime from then on, as RFC 5280 has them. */
  private static final DateTimeFormatter UTC_TIME = time("uuMMddHHmmss'Z'");

  private static final DateTimeFormatter GENERALIZED_TIME = time("uuuuMMddHHmmss'Z'");
  private static final Instant FIRST_GENERALIZED = Instant.parse("2050-01-01T00:00:00Z");

  /**
   * A certificate.
   *
   * @param status {@code V} valid, {@code R} revoked, {@code E} expired
   * @param end as written
   * @param revocation time and, behind a comma, the reason, as written; empty for none
   * @param subject as OpenSSL's one line
   */
  record Entry(
      String status,
      String end,
      String revocation,
      BigInteger serial,
      String file,
      String subject) {

    static Entry of(X509Certificate certificate) {
      return new Entry(
          VALID,
          written(certificate.getNotAfter().toInstant()),
          "",
          certificate.getSerialNumber(),
          "unknown",
          SubjectName.of(certificate.getSubjectX500Principal()).oneLine());
    }

    Instant endsAt() {
      return parsed(end);
    }

    /** Empty where it is not revoked. */
    Optional<Instant> revokedAt() {
      return status.equals(REVOKED)
          ? Optional.of(parsed(revocation.split(",", 2)[0]))
          : Optional.empty();
    }

    /** The code that a list of revocations gives; 0, unspecified, where the line has none. */
    int reason() {
      String[] words = revocation.split(",", -1);
      return switch (words.length < 2 ? "" : words[1]) {
        case "keyCompromise", "keyTime" -> CRLReason.keyCompromise;
        case "CACompromise", "CAkeyTime" -> CRLReason.cACompromise;
        case "affiliationChanged" -> CRLReason.affiliationChanged;
        case "superseded" -> CRLReason.superseded;
        case "cessationOfOperation" -> CRLReason.cessationOfOperation;
        case "certificateHold", "holdInstruction" -> CRLReason.certificateHold;
        default -> CRLReason.unspecified;
      };
    }

    private Entry revoked(Instant at) {
      return new Entry(REVOKED, end, written(at), serial, file, subject);
    }

    /** Serial numbers have an even number of digits there. */
    private String line() {
      return String.join("\t", status, end, revocation, hex(serial), file, subject);
    }
  }

  Index {
    entries = List.copyOf(entries);
  }

  /** Reads a file; one that is not there is empty. */
  static Index read(Path file) throws CertsException {
    List<Entry> entries = new ArrayList<>();
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          if (!line.isBlank()) {
            entries.add(entry(line));
          }
        }
      }
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw new CertsException(
          file.toString(),
          "is not openssl's index.txt in line " + (entries.size() + 1),
          "restore the file");
    }
    return new Index(entries);
  }

  private static Entry entry(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != FIELDS || !"VRE".contains(fields[0])) {
      throw new IllegalArgumentException(line);
    }
    Entry entry =
        new Entry(
            fields[0], fields[1], fields[2], new BigInteger(fields[3], 16), fields[4], fields[5]);
    // A time that cannot be read is found now, not when a list is due.
    entry.endsAt();
    entry.revokedAt();
    return entry;
  }

  Index with(X509Certificate certificate) {
    return new Index(Stream.concat(entries.stream(), Stream.of(Entry.of(certificate))).toList());
  }

  /** The same with a certificate revoked. */
  Index revoke(BigInteger serial, Instant at) {
    return new Index(
        entries.stream()
            .map(entry -> entry.serial().equals(serial) ? entry.revoked(at) : entry)
            .toList());
  }

  Optional<Entry> find(BigInteger serial) {
    return entries.stream().filter(entry -> entry.serial().equals(serial)).findFirst();
  }

  List<Entry> revoked() {
    return entries.stream().filter(entry -> entry.status().equals(REVOKED)).toList();
  }

  String text() {
    return entries.stream().map(entry -> entry.line() + "\n").collect(Collectors.joining());
  }

  /** As {@code openssl ca} writes serial numbers: upper case, an even number of digits. */
  static String hex(BigInteger number) {
    String digits = number.toString(16).toUpperCase(Locale.ROOT);
    return digits.length() % 2 == 0 ? digits : "0" + digits;
  }

  private static DateTimeFormatter time(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  private static String written(Instant time) {
    return (time.isBefore(FIRST_GENERALIZED) ? UTC_TIME : GENERALIZED_TIME).format(time);
  }

  private static Instant parsed(String time) {
    return (time.length() == "yymmddhhmmssZ".length() ? UTC_TIME : GENERALIZED_TIME)
        .parse(time, Instant::from);
  }
}
