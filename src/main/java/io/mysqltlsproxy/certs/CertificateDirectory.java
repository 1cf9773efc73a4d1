package io.mysqltlsproxy.certs;

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
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.bouncycastle.cert.X509CRLHolder;

/**
 * An authority that lives in a directory.
 *
 * @param files where
 * @param overwrite whether new certificates may take the place of others
 * @param now without fractions of a second, which certificates do not have
 */
public record CertificateDirectory(CertificateFiles files, boolean overwrite, Instant now) {

  /** A new authority's first certificates. */
  public record Made(Issued authority, Issued server, Issued client) {}

  /**
   * A new list of revocations.
   *
   * @param revoked how many certificates it names
   * @param number greater than that of the list before
   * @param nextUpdate when it is to be replaced
   */
  public record RevocationList(int revoked, BigInteger number, Instant nextUpdate) {}

  /** Until the next list is due, where nobody says otherwise. */
  public static final int LIST_DAYS = 30;

  private interface Work<T> {
    T run() throws CertsException;
  }

  public CertificateDirectory {
    now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Makes an authority and the certificates of a server and of a client. */
  public Made create(SubjectName subject, KeyType keyType, int days, Request server, Request client)
      throws CertsException {
    try {
      Files.createDirectories(files.directory());
    } catch (IOException e) {
      throw unusable(e);
    }
    return alone(
        () -> {
          CertificateAuthority authority = CertificateAuthority.create(subject, keyType, days, now);
          Made made =
              new Made(
                  authority.issued(), authority.issue(server, now), authority.issue(client, now));
          Index index =
              Index.EMPTY.with(made.server().certificate()).with(made.client().certificate());
          FileSet set = new FileSet(files.directory());
          add(set, "ca", made.authority());
          add(set, CertificateFiles.SERVER, made.server());
          add(set, CertificateFiles.CLIENT, made.client());
          set.add(files.index(), index.text());
          set.add(files.indexAttributes(), "unique_subject = no\n");
          BigInteger number = BigInteger.ONE;
          if (Files.exists(files.crl())) {
            // The old authority's list would be wrong for the new one.
            set.add(files.crl(), Pem.text(authority.revocationList(index, number, LIST_DAYS, now)));
            number = number.add(BigInteger.ONE);
          }
          set.add(files.crlNumber(), Index.hex(number) + "\n");
          set.write(overwrite);
          return made;
        });
  }

  /**
   * Makes one more certificate.
   *
   * @param name of its files
   */
  public Issued issue(String name, Request request) throws CertsException {
    return alone(
        () -> {
          CertificateAuthority authority = authority();
          if (now.plus(request.days(), ChronoUnit.DAYS).isAfter(authority.end())) {
            throw new CertsException(
                "--days=" + request.days(),
                "longer than the authority, which ends at " + authority.end(),
                "give at most " + now.until(authority.end(), ChronoUnit.DAYS));
          }
          Issued issued = authority.issue(request, now);
          FileSet set = new FileSet(files.directory());
          add(set, name, issued);
          set.update(files.index(), index().with(issued.certificate()).text());
          set.write(overwrite);
          return issued;
        });
  }

  /**
   * Revokes a certificate, once only, and writes the list.
   *
   * @param what the certificate's file, or its serial number in hexadecimal
   * @param days until the next list is due
   */
  public RevocationList revoke(String what, int days) throws CertsException {
    return alone(
        () -> {
          CertificateAuthority authority = authority();
          Index index = index();
          Path file = Path.of(what);
          if (Files.exists(file) || what.endsWith(".pem")) {
            X509Certificate certificate = Pem.certificate(file);
            checkIssuer(authority, certificate, file);
            BigInteger serial = certificate.getSerialNumber();
            index = index.find(serial).isPresent() ? index : index.with(certificate);
            return writeList(authority, revoked(index, serial), days);
          }
          BigInteger serial = serial(what);
          if (index.find(serial).isEmpty()) {
            throw new CertsException(
                what,
                "no certificate with this serial number is in " + files.index(),
                "give its file, or what openssl x509 -noout -serial prints");
          }
          return writeList(authority, revoked(index, serial), days);
        });
  }

  /** Writes the list anew. */
  public RevocationList renewList(int days) throws CertsException {
    return alone(() -> writeList(authority(), index(), days));
  }

  /** Where clients reach the server whose certificate is there; empty where there is none. */
  public Optional<String> serverHost() throws CertsException {
    Path file = files.certificate(CertificateFiles.SERVER);
    return Files.exists(file)
        ? AlternativeNames.hostsOf(Pem.certificate(file)).host()
        : Optional.empty();
  }

  private RevocationList writeList(CertificateAuthority authority, Index index, int days)
      throws CertsException {
    BigInteger number = nextNumber();
    X509CRLHolder list = authority.revocationList(index, number, days, now);
    new FileSet(files.directory())
        .update(files.index(), index.text())
        .update(files.crl(), Pem.text(list))
        .update(files.crlNumber(), Index.hex(number.add(BigInteger.ONE)) + "\n")
        .write(true);
    return new RevocationList(index.revoked().size(), number, now.plus(days, ChronoUnit.DAYS));
  }

  private Index revoked(Index index, BigInteger serial) {
    return index.find(serial).flatMap(Index.Entry::revokedAt).isPresent()
        ? index
        : index.revoke(serial, now);
  }

  private void add(FileSet set, String name, Issued issued) {
    set.add(files.certificate(name), issued.certificatePem());
    set.addSecret(files.key(name), issued.keyPem());
  }

  private CertificateAuthority authority() throws CertsException {
    Path file = files.caCertificate();
    if (!Files.exists(file)) {
      throw new CertsException(
          file.toString(), "no such file", "make an authority with mysql-tls-proxy certs first");
    }
    X509Certificate certificate = Pem.certificate(file);
    PrivateKey key = Pem.key(files.caKey());
    CertificateAuthority authority = new CertificateAuthority(new Issued(certificate, key));
    if (!authority.isWhole()) {
      throw new CertsException(
          files.caKey().toString(),
          "is not the key of " + file,
          "put the authority's own certificate and key there");
    }
    return authority;
  }

  private static void checkIssuer(
      CertificateAuthority authority, X509Certificate certificate, Path file)
      throws CertsException {
    try {
      certificate.verify(authority.certificate().getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertsException(
          file.toString(), "was not signed by this authority", "give its own --dir");
    }
  }

  /** Nothing revoked is ever forgotten: a list without its database is not renewed. */
  private Index index() throws CertsException {
    if (Files.exists(files.crl()) && !Files.exists(files.index())) {
      throw lost(files.index());
    }
    return Index.read(files.index());
  }

  private BigInteger nextNumber() throws CertsException {
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

  private CertsException lost(Path file) {
    return new CertsException(
        file.toString(), "is gone, but not " + files.crl(), "restore it, or remove the list too");
  }

  private static BigInteger serial(String text) throws CertsException {
    try {
      return new BigInteger(text.replaceFirst("^(serial=|0x)", "").replace(":", ""), 16);
    } catch (NumberFormatException e) {
      throw new CertsException(
          text, "neither a file nor a serial number in hexadecimal", "give one of the two");
    }
  }

  /** Two that change the same directory at once would lose what one of them has signed. */
  private <T> T alone(Work<T> work) throws CertsException {
    if (!Files.isDirectory(files.directory())) {
      throw new CertsException(
          files.directory().toString(),
          "no such directory",
          "make an authority with mysql-tls-proxy certs first");
    }
    try (FileChannel channel = FileChannel.open(files.lock(), CREATE, WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new CertsException(
            files.directory().toString(),
            "another mysql-tls-proxy certs changes it",
            "try again when it has ended");
      }
      return work.run();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private CertsException unusable(IOException e) {
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
}
