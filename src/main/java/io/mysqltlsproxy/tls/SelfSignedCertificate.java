package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.certs.CertsException;
import io.mysqltlsproxy.certs.Issued;
import io.mysqltlsproxy.certs.SelfSigned;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.Exposure;
import io.mysqltlsproxy.pem.OwnFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy's certificate where no option gives one: made by the proxy, signed with its own key,
 * and renewed before it expires. It is kept in the directory of {@code ssl-self-signed-dir}, or in
 * memory.
 */
public final class SelfSignedCertificate {
  private static final Logger LOG = LoggerFactory.getLogger("run");

  /** Certificate and key. */
  private static final String FILE = "self-signed.pem";

  private SelfSignedCertificate() {}

  /** Whether the options leave it to the proxy. */
  static boolean isWanted(OptionValues values) {
    return values.get(Options.SSL_CERT).isEmpty() && values.get(Options.SSL_KEY).isEmpty();
  }

  /**
   * The one that is there, or a new one.
   *
   * @param before what the proxy has shown so far; kept where there is no directory and it is not
   *     yet to be renewed
   * @param writes whether a new one is written to the directory
   */
  static OwnCertificate load(
      OptionValues values, Optional<OwnCertificate> before, boolean writes, Instant now)
      throws OptionException {
    if (values.get(Options.SSL_KEY_PASSPHRASE_FILE).isPresent()) {
      throw values.wrong(
          Options.SSL_KEY_PASSPHRASE_FILE,
          "there is no --ssl-key that it could be for",
          "give --ssl-cert and --ssl-key, or leave this out");
    }
    Optional<Path> file = file(values);
    Optional<OwnCertificate> current = file.isPresent() ? read(values, file.get()) : before;
    boolean exposed = writes && file.filter(SelfSignedCertificate::isExposed).isPresent();
    if (current.filter(certificate -> !exposed && !isDue(certificate, now)).isPresent()) {
      return current.get();
    }
    if (exposed) {
      LOG.warn(
          "everyone on this machine could use {}: a new certificate and key take its place",
          file.get());
    }
    Issued issued = SelfSigned.create(now);
    if (file.isPresent() && writes) {
      try {
        SelfSigned.write(values.get(Options.SSL_SELF_SIGNED_DIR).orElseThrow(), FILE, issued);
      } catch (CertsException e) {
        throw values.wrong(
            Options.SSL_SELF_SIGNED_DIR,
            "the proxy's own certificate cannot be kept there: " + e.getMessage(),
            "give a directory that the proxy can write to");
      }
      // Another process may have written at the same time: both show the one that is there.
      return read(values, file.get()).orElseThrow();
    }
    return new OwnCertificate(issued.key(), List.of(issued.certificate()));
  }

  /** Where it is kept; empty in memory. */
  public static Optional<Path> file(OptionValues values) {
    return values.get(Options.SSL_SELF_SIGNED_DIR).map(directory -> directory.resolve(FILE));
  }

  private static Optional<OwnCertificate> read(OptionValues values, Path file)
      throws OptionException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Optional<String> foreign = OwnFile.problem(file);
    if (foreign.isPresent()) {
      throw values.wrong(
          Options.SSL_SELF_SIGNED_DIR,
          file + " " + foreign.get() + ": somebody else may know its key",
          "remove it, and the proxy makes another");
    }
    try {
      return Optional.of(OwnCertificate.read(file));
    } catch (UnusableFileException e) {
      throw e.within(file.toString()).of(Options.SSL_SELF_SIGNED_DIR, values);
    }
  }

  /** When it is to be renewed. */
  static Instant renewal(OwnCertificate certificate) {
    return SelfSigned.renewal(certificate.chain().get(0).getNotAfter().toInstant());
  }

  private static boolean isExposed(Path file) {
    return Exposure.of(file) == Exposure.EVERYONE;
  }

  private static boolean isDue(OwnCertificate certificate, Instant now) {
    return !now.isBefore(renewal(certificate));
  }

  /** Logs a warning where everyone can use its key. */
  static void warn(OptionValues values) {
    file(values).ifPresent(file -> Exposure.warn(file, LOG));
  }

  /** Says what clients are shown, and what that is worth to which of them. */
  static void announce(OptionValues values, X509Certificate certificate) {
    LOG.warn(
        "no --ssl-cert and --ssl-key: clients are shown a self-signed certificate, {}, {}",
        CertificateNames.fingerprint(certificate),
        file(values)
            .map(file -> "kept in " + file)
            .orElse("kept in memory until the proxy ends (--ssl-self-signed-dir=DIR keeps it)"));
    LOG.warn(
        "a self-signed certificate encrypts, but proves the proxy's identity only to clients of"
            + " MariaDB 11.4 or newer whose account's password hash is in --accounts, and to"
            + " clients that know its fingerprint");
  }
}
