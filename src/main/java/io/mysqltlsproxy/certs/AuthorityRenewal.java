package io.mysqltlsproxy.certs;

import io.mysqltlsproxy.certs.Renewals.Keys;
import java.math.BigInteger;
import java.nio.file.Files;
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
 * Makes an authority anew under the same name. For a while {@code ca-cert.pem} holds the new
 * certificate and the one before, so that who has that file trusts what either has signed.
 *
 * @param files where
 * @param now without fractions of a second
 */
public record AuthorityRenewal(CertificateFiles files, Instant now) {

  public AuthorityRenewal {
    now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * Makes the new certificate.
   *
   * @param days until it ends; empty for as long as before
   * @param keys with the same key it verifies what was signed before, too; with a new one the key
   *     before is kept to sign the list of revocations
   */
  public Issued renew(Optional<Integer> days, Keys keys) throws CertsException {
    return store()
        .alone(
            () -> {
              CertificateAuthority old = store().authority();
              if (keys == Keys.NEW && store().previousAuthority().isPresent()) {
                throw new CertsException(
                    files.caCertificate().toString(),
                    "still holds an authority with another key",
                    "renew what it has signed, then drop it: mysql-tls-proxy certs retire");
              }
              CertificateAuthority renewed = old.renewed(keyPair(old, keys), now, end(old, days));
              write(renewed, old, keys);
              return renewed.issued();
            });
  }

  private void write(CertificateAuthority renewed, CertificateAuthority old, Keys keys)
      throws CertsException {
    List<X509Certificate> trusted = new ArrayList<>(List.of(renewed.certificate()));
    trusted.add(old.certificate());
    trusted.addAll(store().previousCertificates());
    trusted.removeIf(each -> each.getNotAfter().toInstant().isBefore(now));
    FileSet set = new FileSet(files.directory());
    set.update(files.caCertificate(), Pem.text(trusted));
    if (keys == Keys.NEW) {
      set.updateSecret(files.caKey(), renewed.issued().keyPem());
      set.updateSecret(files.previousCaKey(), old.issued().keyPem());
      if (Files.exists(files.crl())) {
        BigInteger number = store().nextNumber();
        set.update(
            files.crl(),
            AuthorityStore.revocationLists(
                List.of(renewed, old),
                store().index(),
                number,
                CertificateDirectory.LIST_DAYS,
                now));
        set.update(files.crlNumber(), Index.hex(number.add(BigInteger.ONE)) + "\n");
      }
    }
    set.write(true);
  }

  /**
   * Leaves only the newest certificate in {@code ca-cert.pem}.
   *
   * @return how many were dropped
   * @throws CertsException while a certificate in the directory was signed with a key that would no
   *     longer be trusted
   */
  public int retire(boolean force) throws CertsException {
    return store()
        .alone(
            () -> {
              CertificateAuthority current = store().authority();
              int dropped = store().previousCertificates().size();
              if (!force) {
                checkNothingIsLost(current);
              }
              FileSet set = new FileSet(files.directory());
              set.update(files.caCertificate(), Pem.text(List.of(current.certificate())));
              if (Files.exists(files.crl()) && store().previousAuthority().isPresent()) {
                BigInteger number = store().nextNumber();
                set.update(
                    files.crl(),
                    AuthorityStore.revocationLists(
                        List.of(current),
                        store().index(),
                        number,
                        CertificateDirectory.LIST_DAYS,
                        now));
                set.update(files.crlNumber(), Index.hex(number.add(BigInteger.ONE)) + "\n");
              }
              set.delete(files.previousCaKey()).write(true);
              return dropped;
            });
  }

  private void checkNothingIsLost(CertificateAuthority current) throws CertsException {
    for (String name : store().names()) {
      Path file = files.certificate(name);
      X509Certificate certificate = Pem.certificate(file);
      if (certificate.getNotAfter().toInstant().isAfter(now) && !current.hasSigned(certificate)) {
        throw new CertsException(
            file.toString(),
            "was signed by the CA that would be removed",
            "renew it first: mysql-tls-proxy certs renew "
                + name
                + ", or remove its CA anyway with --force");
      }
    }
  }

  private KeyPair keyPair(CertificateAuthority old, Keys keys) throws CertsException {
    return keys == Keys.NEW
        ? KeyKind.of(old.certificate().getPublicKey(), files.caCertificate().toString()).generate()
        : new KeyPair(old.certificate().getPublicKey(), old.issued().key());
  }

  private Instant end(CertificateAuthority old, Optional<Integer> days) {
    Duration before = Duration.between(old.certificate().getNotBefore().toInstant(), old.end());
    return now.plus(days.map(Integer::longValue).orElse(before.toDays()), ChronoUnit.DAYS);
  }

  private AuthorityStore store() {
    return new AuthorityStore(files);
  }
}
