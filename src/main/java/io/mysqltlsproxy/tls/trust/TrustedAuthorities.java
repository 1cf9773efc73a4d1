package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.PemDirectory;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The authorities that {@code ssl-ca} and {@code ssl-capath} name.
 *
 * @param roots self-signed: where a client's chain may end
 * @param intermediates not self-signed: links of a chain, never its end
 */
public record TrustedAuthorities(Set<X509Certificate> roots, List<X509Certificate> intermediates) {
  /** What c_rehash and {@code openssl rehash} make, and the usual endings. */
  private static final Pattern FILE_NAME =
      Pattern.compile("[0-9a-f]{8}\\.[0-9]+|.*\\.(pem|crt|cer)");

  public TrustedAuthorities {
    roots = Set.copyOf(roots);
    intermediates = List.copyOf(intermediates);
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
    TrustedAuthorities authorities = of(all);
    if (authorities.roots.isEmpty()) {
      throw values.wrong(
          file.isPresent() ? Options.SSL_CA : Options.SSL_CAPATH,
          "holds no self-signed CA certificate, only "
              + CertificateNames.subject(all.iterator().next()),
          "add the certificate of the root CA");
    }
    return Optional.of(authorities);
  }

  /** Sorts certificates; those that can sign nothing and are no root count for nothing. */
  static TrustedAuthorities of(Iterable<X509Certificate> certificates) {
    Set<X509Certificate> roots = new LinkedHashSet<>();
    List<X509Certificate> intermediates = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      if (isSelfSigned(certificate)) {
        roots.add(certificate);
      } else if (certificate.getBasicConstraints() >= 0) {
        intermediates.add(certificate);
      }
    }
    return new TrustedAuthorities(roots, intermediates);
  }

  public static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
        && CertificateChains.isSignedBy(certificate, certificate.getPublicKey());
  }

  /** Roots and intermediates. */
  List<X509Certificate> all() {
    List<X509Certificate> all = new ArrayList<>(roots);
    all.addAll(intermediates);
    return all;
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
