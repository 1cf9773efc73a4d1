package io.mysqltlsproxy.certs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.mysqltlsproxy.option.FileAccess;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the files of an authority, and keeps others from changing them meanwhile. */
record AuthorityStore(CertificateFiles files) {

  /** What is done while no other process changes the directory. */
  interface Work<T> {
    T run() throws CertsException;
  }

  /**
   * Runs while this process alone changes the directory: two that did so at once would lose what
   * one of them has signed.
   */
  <T> T alone(Work<T> work) throws CertsException {
    if (!Files.isDirectory(files.directory())) {
      throw new CertsException(
          files.directory().toString(),
          "no such directory",
          "create a CA with mysql-tls-proxy certs first");
    }
    try (FileChannel channel = FileChannel.open(files.lock(), CREATE, WRITE, NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new CertsException(
            files.directory().toString(),
            "another mysql-tls-proxy certs is changing it",
            "try again when it has ended");
      }
      return work.run();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** The authority that signs: the first certificate of its file, and its key. */
  CertificateAuthority authority() throws CertsException {
    Path file = files.caCertificate();
    if (!Files.exists(file)) {
      throw new CertsException(
          file.toString(), "no such file", "create a CA with mysql-tls-proxy certs first");
    }
    return whole(Pem.certificate(file), files.caKey());
  }

  /** The certificates of earlier authorities that are still trusted, the newest first. */
  List<X509Certificate> previousCertificates() throws CertsException {
    List<X509Certificate> all = Pem.certificates(files.caCertificate());
    return all.subList(1, all.size());
  }

  /** The earlier authority that had another key, whose certificates are still trusted. */
  Optional<CertificateAuthority> previousAuthority() throws CertsException {
    CertificateAuthority current = authority();
    for (X509Certificate certificate : previousCertificates()) {
      if (!certificate.getPublicKey().equals(current.certificate().getPublicKey())) {
        return Optional.of(whole(certificate, files.previousCaKey()));
      }
    }
    return Optional.empty();
  }

  /** Fails unless a certificate was signed by this authority, or by one before it. */
  void checkIssuer(X509Certificate certificate, Path file) throws CertsException {
    authority();
    if (Pem.certificates(files.caCertificate()).stream()
        .noneMatch(each -> CertificateAuthority.isSignedBy(certificate, each))) {
      throw new CertsException(file.toString(), "was not signed by this CA", "give its own --dir");
    }
  }

  /** The lists of what is revoked, one for each key that has signed certificates, as text. */
  String revocationLists(Index index, BigInteger number, int days, Instant now)
      throws CertsException {
    List<CertificateAuthority> authorities = new ArrayList<>(List.of(authority()));
    previousAuthority().ifPresent(authorities::add);
    return revocationLists(authorities, index, number, days, now);
  }

  /** The same, for these authorities. */
  static String revocationLists(
      List<CertificateAuthority> authorities,
      Index index,
      BigInteger number,
      int days,
      Instant now) {
    return authorities.stream()
        .map(authority -> Pem.text(authority.revocationList(index, number, days, now)))
        .collect(Collectors.joining());
  }

  /** Nothing revoked is ever forgotten: a list without its database is not renewed. */
  Index index() throws CertsException {
    if (Files.exists(files.crl()) && !Files.exists(files.index())) {
      throw lost(files.index());
    }
    return Index.read(files.index());
  }

  /** The number of the next list. */
  BigInteger nextNumber() throws CertsException {
    Path file = files.crlNumber();
    try {
      if (Files.exists(file)) {
        return new BigInteger(Files.readString(file).strip(), 16);
      }
    } catch (IOException | NumberFormatException e) {
      throw new CertsException(
          file.toString(), "does not hold a number in hexadecimal", "restore the file");
    }
    if (Files.exists(files.crl())) {
      throw lost(file);
    }
    return BigInteger.ONE;
  }

  /** The names of the certificates that are there beside the authority's, sorted. */
  List<String> names() throws CertsException {
    try (Stream<Path> all = Files.list(files.directory())) {
      return all.map(CertificateFiles::name)
          .flatMap(Optional::stream)
          .filter(name -> !name.equals(CertificateFiles.AUTHORITY))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  CertsException unusable(IOException e) {
    if (e instanceof AccessDeniedException) {
      return new CertsException(
          files.directory().toString(),
          "permission denied",
          FileAccess.writeHint(files.directory()) + ", or choose another --dir");
    }
    return new CertsException(
        files.directory().toString(),
        "cannot be used (" + e + ")",
        "name a directory that you may write to");
  }

  private CertificateAuthority whole(X509Certificate certificate, Path keyFile)
      throws CertsException {
    PrivateKey key = Pem.key(keyFile);
    CertificateAuthority authority = new CertificateAuthority(new Issued(certificate, key));
    if (!authority.isWhole()) {
      throw new CertsException(
          keyFile.toString(),
          "is not the key of a certificate in " + files.caCertificate(),
          "put the CA's own certificate and key there");
    }
    return authority;
  }

  private CertsException lost(Path file) {
    return new CertsException(
        file.toString(), "is gone, but not " + files.crl(), "restore it, or remove the list too");
  }
}
