package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.mysqltlsproxy.tls.trust.TrustedAuthorities;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The certificates of authorities that are available.
 *
 * @param ofClients those of {@code ssl-ca} and {@code ssl-capath}, which sign clients
 * @param known these, those with which clients verify the proxy, and the public ones
 * @param given whether any of the options names a file
 */
record Authorities(Set<X509Certificate> ofClients, Set<X509Certificate> known, boolean given) {

  /**
   * Reads the files, and says which cannot be.
   *
   * @param clientsCa more files, with which clients verify the proxy
   */
  static Authorities read(
      OptionValues values, List<Path> clientsCa, PublicAuthorities all, Findings findings) {
    Set<X509Certificate> ofClients = new LinkedHashSet<>();
    values.get(Options.SSL_CA).ifPresent(file -> ofClients.addAll(read(List.of(file), findings)));
    values
        .get(Options.SSL_CAPATH)
        .ifPresent(directory -> ofClients.addAll(readAll(directory, findings)));
    Set<X509Certificate> known = new LinkedHashSet<>(ofClients);
    known.addAll(read(clientsCa, findings));
    boolean given = !known.isEmpty();
    known.addAll(all.certificates());
    return new Authorities(ofClients, known, given);
  }

  private static void empty(Path directory, Findings findings) {
    findings.wrong(
        Item.CA,
        "--ssl-capath=" + directory + ": holds no certificate",
        "put CA certificates there as *.pem, *.crt or *.cer, or run openssl rehash " + directory);
  }

  private static Set<X509Certificate> readAll(Path directory, Findings findings) {
    if (!Files.isDirectory(directory)) {
      findings.wrong(
          Item.CA,
          "--ssl-capath=" + directory + ": no such directory",
          "check the path, or give a file with --ssl-ca");
      return Set.of();
    }
    List<Path> files;
    try {
      files = TrustedAuthorities.filesOf(directory);
    } catch (UnusableFileException e) {
      findings.wrong(Item.CA, directory, e);
      return Set.of();
    }
    boolean sound = true;
    Set<X509Certificate> certificates = new LinkedHashSet<>();
    for (Path file : files) {
      try {
        certificates.addAll(read(file, findings).certificates());
      } catch (UnusableFileException e) {
        sound = false;
        findings.wrong(Item.CA, file, e);
      }
    }
    if (sound && certificates.isEmpty()) {
      empty(directory, findings);
    }
    return certificates;
  }

  private static Set<X509Certificate> read(List<Path> files, Findings findings) {
    Set<X509Certificate> certificates = new LinkedHashSet<>();
    for (Path file : files) {
      try {
        certificates.addAll(read(file, findings).certificates("give the CA's certificate in PEM"));
      } catch (UnusableFileException e) {
        findings.wrong(Item.CA, file, e);
      }
    }
    return certificates;
  }

  private static PemFile read(Path file, Findings findings) throws UnusableFileException {
    PemFile pem = PemFile.read(file);
    if (!pem.keys().isEmpty()) {
      findings.wrong(
          Item.CA,
          file + " holds a private key: anyone who reads it can sign client certificates",
          "move the key elsewhere, preferably off this machine");
    }
    return pem;
  }
}
