package io.mysqltlsproxy.certs;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes certificates anew before they end, with the same names, uses and kind of key. The older
 * ones stay valid until their end.
 *
 * @param files where
 * @param now without fractions of a second, which certificates do not have
 */
public record Renewals(CertificateFiles files, Instant now) {

  /** Which key a renewed certificate is for. */
  public enum Keys {
    /** A new one of the same kind. */
    NEW,
    /** The one that is there. */
    SAME
  }

  /**
   * One that was renewed.
   *
   * @param name of its files
   */
  public record Renewed(String name, Issued issued) {}

  public Renewals {
    now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * Renews these, all or none.
   *
   * @param names of the files
   * @param days until they end; empty for as long as before, or as the authority lasts
   */
  public List<Renewed> renew(List<String> names, Optional<Integer> days, Keys keys)
      throws CertsException {
    return store().alone(() -> renewAll(names, days, keys));
  }

  /** Renews all that end within some days and are not revoked. */
  public List<Renewed> renewEnding(int within, Optional<Integer> days, Keys keys)
      throws CertsException {
    return store()
        .alone(
            () -> {
              Index index = store().index();
              List<String> due = new ArrayList<>();
              for (String name : store().names()) {
                X509Certificate certificate = Pem.certificate(files.certificate(name));
                if (isDue(certificate, within) && !isRevoked(index, certificate)) {
                  due.add(name);
                }
              }
              return renewAll(due, days, keys);
            });
  }

  private boolean isDue(X509Certificate certificate, int within) {
    return certificate.getNotAfter().toInstant().isBefore(now.plus(within, ChronoUnit.DAYS));
  }

  private List<Renewed> renewAll(List<String> names, Optional<Integer> days, Keys keys)
      throws CertsException {
    CertificateAuthority authority = store().authority();
    Index index = store().index();
    FileSet set = new FileSet(files.directory());
    List<Renewed> renewed = new ArrayList<>();
    for (String name : names) {
      Path file = files.certificate(name);
      X509Certificate old = Pem.certificate(file);
      store().checkIssuer(old, file);
      if (isRevoked(index, old)) {
        throw new CertsException(
            file.toString(), "is revoked", "make a new one: mysql-tls-proxy certs " + making(name));
      }
      Instant end = end(old, days, authority, file);
      Issued issued = authority.renew(old, keyPair(name, old, keys), now, end);
      set.update(file, issued.certificatePem());
      if (keys == Keys.NEW) {
        set.updateSecret(files.key(name), issued.keyPem());
      }
      index = index.with(issued.certificate());
      renewed.add(new Renewed(name, issued));
    }
    if (!renewed.isEmpty()) {
      set.update(files.index(), index.text()).write(true);
    }
    return renewed;
  }

  private Instant end(
      X509Certificate old, Optional<Integer> days, CertificateAuthority authority, Path file)
      throws CertsException {
    Instant last = authority.end();
    if (days.isPresent() && now.plus(days.get(), ChronoUnit.DAYS).isAfter(last)) {
      throw new CertsException(
          "--days=" + days.get(),
          "longer than the CA, which ends at " + last,
          "give at most "
              + now.until(last, ChronoUnit.DAYS)
              + ", or renew the authority first:"
              + " mysql-tls-proxy certs renew ca");
    }
    Instant oldEnd = old.getNotAfter().toInstant();
    long before = Duration.between(old.getNotBefore().toInstant(), oldEnd).toDays();
    long wanted = days.map(Integer::longValue).orElse(Math.max(1, before));
    Instant end = now.plus(wanted, ChronoUnit.DAYS);
    if (!end.isAfter(last)) {
      return end;
    }
    if (!last.isAfter(oldEnd) || !last.isAfter(now)) {
      throw new CertsException(
          file.toString(),
          "cannot be valid for longer than the CA, which ends at " + last,
          "renew the authority first: mysql-tls-proxy certs renew ca");
    }
    return last;
  }

  private KeyPair keyPair(String name, X509Certificate old, Keys keys) throws CertsException {
    return keys == Keys.NEW
        ? KeyKind.of(old.getPublicKey(), files.certificate(name).toString()).generate()
        : new KeyPair(old.getPublicKey(), Pem.key(files.key(name)));
  }

  private static String making(String name) {
    return name.equals(CertificateFiles.SERVER) ? "server --force" : "client " + name + " --force";
  }

  private static boolean isRevoked(Index index, X509Certificate certificate) {
    return index.find(certificate.getSerialNumber()).flatMap(Index.Entry::revokedAt).isPresent();
  }

  private AuthorityStore store() {
    return new AuthorityStore(files);
  }
}
