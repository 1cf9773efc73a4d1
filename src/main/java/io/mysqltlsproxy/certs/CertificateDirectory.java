package io.mysqltlsproxy.certs;

import io.mysqltlsproxy.certs.Request.Purpose;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

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

  public CertificateDirectory {
    now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Makes an authority and the certificates of a server and of a client. */
  public Made create(SubjectName subject, KeyType keyType, int days, Request server, Request client)
      throws CertsException {
    try {
      Files.createDirectories(files.directory());
    } catch (IOException e) {
      throw store().unusable(e);
    }
    return store()
        .alone(
            () -> {
              CertificateAuthority authority =
                  CertificateAuthority.create(subject, keyType, days, now);
              Made made =
                  new Made(
                      authority.issued(),
                      authority.issue(server, now),
                      authority.issue(client, now));
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
                set.add(
                    files.crl(), Pem.text(authority.revocationList(index, number, LIST_DAYS, now)));
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
    return store()
        .alone(
            () -> {
              CertificateAuthority authority = store().authority();
              if (now.plus(request.days(), ChronoUnit.DAYS).isAfter(authority.end())) {
                throw new CertsException(
                    "--days=" + request.days(),
                    "longer than the CA, which ends at " + authority.end(),
                    "give at most " + now.until(authority.end(), ChronoUnit.DAYS));
              }
              Issued issued = authority.issue(request, now);
              FileSet set = new FileSet(files.directory());
              add(set, name, issued);
              set.update(files.index(), store().index().with(issued.certificate()).text());
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
    return store()
        .alone(
            () -> {
              Index index = store().index();
              Path file = Path.of(what);
              if (Files.exists(file) || what.endsWith(".pem")) {
                X509Certificate certificate = Pem.certificate(file);
                store().checkIssuer(certificate, file);
                BigInteger serial = certificate.getSerialNumber();
                index = index.find(serial).isPresent() ? index : index.with(certificate);
                return writeList(revoked(index, serial), days);
              }
              BigInteger serial = serial(what);
              if (index.find(serial).isEmpty()) {
                throw new CertsException(
                    what,
                    "there is no certificate with this serial number in " + files.index(),
                    "give its file, or what openssl x509 -noout -serial prints");
              }
              return writeList(revoked(index, serial), days);
            });
  }

  /** Writes the list anew. */
  public RevocationList renewList(int days) throws CertsException {
    return store().alone(() -> writeList(store().index(), days));
  }

  /** Where clients reach the server whose certificate is there; empty where there is none. */
  public Optional<String> serverHost() throws CertsException {
    Path file = files.certificate(CertificateFiles.SERVER);
    return Files.exists(file)
        ? AlternativeNames.of(Pem.certificate(file)).host()
        : Optional.empty();
  }

  /**
   * A request for a certificate like the one that is there, with a new key of the same kind; empty
   * where there is none.
   *
   * @param name of its files
   */
  public Optional<Request> likeBefore(String name, Purpose purpose, int days)
      throws CertsException {
    Path file = files.certificate(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    X509Certificate old = Pem.certificate(file);
    return Optional.of(
        new Request(
            purpose,
            SubjectName.of(old.getSubjectX500Principal()),
            AlternativeNames.of(old),
            KeyKind.of(old.getPublicKey(), file.toString()),
            days));
  }

  private RevocationList writeList(Index index, int days) throws CertsException {
    BigInteger number = store().nextNumber();
    new FileSet(files.directory())
        .update(files.index(), index.text())
        .update(files.crl(), store().revocationLists(index, number, days, now))
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

  private static BigInteger serial(String text) throws CertsException {
    try {
      return new BigInteger(text.replaceFirst("^(serial=|0x)", "").replace(":", ""), 16);
    } catch (NumberFormatException e) {
      throw new CertsException(
          text, "neither a file nor a serial number in hexadecimal", "give one of the two");
    }
  }

  private AuthorityStore store() {
    return new AuthorityStore(files);
  }
}
