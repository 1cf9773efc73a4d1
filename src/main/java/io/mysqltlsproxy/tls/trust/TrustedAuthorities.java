package io.mysqltlsproxy.tls.trust;

import static java.util.stream.Collectors.groupingBy;

import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.PemDirectory;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The certificates that {@code ssl-ca} and {@code ssl-capath} hold: a path ends with a self-signed
 * one of them, and the others are links of it.
 */
public final class TrustedAuthorities {
  /** What c_rehash and {@code openssl rehash} make, and the usual endings. */
  private static final Pattern FILE_NAME =
      Pattern.compile("[0-9a-f]{8}\\.[0-9]+|.*\\.(pem|crt|cer)");

  /** The remedy for a damaged certificate. */
  public static final String SOUND = "get the certificate again from its CA, with sound extensions";

  private final List<X509Certificate> signers;
  private final Set<PathCertificate> certificates;
  private final Map<DistinguishedName, List<PathCertificate>> byName;

  private TrustedAuthorities(List<X509Certificate> signers, Set<PathCertificate> certificates) {
    this.signers = List.copyOf(signers);
    this.certificates = certificates;
    byName = certificates.stream().collect(groupingBy(PathCertificate::subject));
  }

  /** Reads the files; empty where neither option is given. */
  static Optional<TrustedAuthorities> load(OptionValues values) throws OptionException {
    Optional<Path> file = values.get(Options.SSL_CA);
    Optional<Path> directory = values.get(Options.SSL_CAPATH);
    if (file.isEmpty() && directory.isEmpty()) {
      return Optional.empty();
    }
    Set<X509Certificate> all = new LinkedHashSet<>();
    if (file.isPresent()) {
      try {
        all.addAll(fromFile(file.get()));
      } catch (UnusableFileException e) {
        throw e.of(Options.SSL_CA, values);
      }
    }
    if (directory.isPresent()) {
      try {
        all.addAll(fromDirectory(directory.get()));
      } catch (UnusableFileException e) {
        throw e.of(Options.SSL_CAPATH, values);
      }
    }
    Option<?> given = file.isPresent() ? Options.SSL_CA : Options.SSL_CAPATH;
    TrustedAuthorities authorities;
    try {
      authorities = of(all);
    } catch (CertificateException e) {
      throw values.wrong(given, "holds a damaged certificate", "copy it again, from BEGIN to END");
    }
    Optional<String> damage = authorities.damage();
    if (!authorities.hasRoot() && damage.isPresent()) {
      throw values.wrong(given, "holds no usable root CA: " + damage.get(), SOUND);
    }
    if (!authorities.hasRoot()) {
      throw values.wrong(
          given,
          "holds no self-signed CA certificate, only "
              + CertificateNames.subject(all.iterator().next()),
          "add the certificate of the root CA");
    }
    return Optional.of(authorities);
  }

  /**
   * Of these certificates.
   *
   * @throws CertificateException where one is damaged
   */
  static TrustedAuthorities of(Collection<X509Certificate> certificates)
      throws CertificateException {
    Set<PathCertificate> read = new LinkedHashSet<>();
    List<X509Certificate> signers = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      PathCertificate each = PathCertificate.of(certificate);
      if (read.add(each) && (each.isSelfSigned() || certificate.getBasicConstraints() >= 0)) {
        signers.add(certificate);
      }
    }
    return new TrustedAuthorities(signers, read);
  }

  boolean contains(PathCertificate certificate) {
    return certificates.contains(certificate);
  }

  /** Those with this subject. */
  List<PathCertificate> named(DistinguishedName subject) {
    return byName.getOrDefault(subject, List.of());
  }

  /** What in an authority cannot be read, so that nothing that it has signed is trusted. */
  public static Optional<String> damage(X509Certificate authority) {
    try {
      return PathCertificate.of(authority).damage();
    } catch (CertificateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> damage() {
    return certificates.stream().flatMap(each -> each.damage().stream()).findFirst();
  }

  /** Whether a path can end at one of them. */
  boolean hasRoot() {
    return certificates.stream().anyMatch(PathCertificate::isSelfSigned);
  }

  /** The authorities among them, in the order of the files. */
  List<X509Certificate> all() {
    return signers;
  }

  private static List<X509Certificate> fromFile(Path file) throws UnusableFileException {
    return PemFile.read(file).certificates("give the CA's certificate in PEM");
  }

  private static Set<X509Certificate> fromDirectory(Path directory) throws UnusableFileException {
    Set<X509Certificate> certificates = new LinkedHashSet<>();
    for (Path file : filesOf(directory)) {
      try {
        certificates.addAll(PemFile.read(file).certificates());
      } catch (UnusableFileException e) {
        throw e.within(file.getFileName().toString());
      }
    }
    if (certificates.isEmpty()) {
      throw new UnusableFileException(
          "holds no certificate",
          "put CA certificates there as *.pem, *.crt or *.cer, or run openssl rehash");
    }
    return certificates;
  }

  /** The files of {@code ssl-capath} that are read, in the order of their names. */
  public static List<Path> filesOf(Path directory) throws UnusableFileException {
    return PemDirectory.files(directory, FILE_NAME, "--ssl-ca");
  }
}
