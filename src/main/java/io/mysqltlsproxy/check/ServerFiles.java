package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.KeyLocation;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.KeyFile;
import io.mysqltlsproxy.pem.KeyPairCheck;
import io.mysqltlsproxy.pem.Passphrase;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.mysqltlsproxy.tls.OwnKey;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** {@code ssl-cert} and {@code ssl-key}: whether they can be read, and belong together. */
final class ServerFiles {
  private static final String MAKE = "make one: mysql-tls-proxy certs";

  private final OptionValues values;
  private final Findings findings;

  private ServerFiles(OptionValues values, Findings findings) {
    this.values = values;
    this.findings = findings;
  }

  /**
   * What could be read.
   *
   * @param chain in the file's order; empty where there is none
   * @param own the certificate that the key belongs to, the first where it belongs to none
   * @param selfMadeKey the algorithm of the key that the proxy makes itself; empty where it does
   *     not
   */
  record Read(
      List<X509Certificate> chain, Optional<X509Certificate> own, Optional<String> selfMadeKey) {}

  static Read check(OptionValues values, Findings findings) {
    if (values.get(Options.SSL_CERT).isEmpty() && values.get(Options.SSL_KEY).isEmpty()) {
      findings.warning(
          Item.CERTIFICATE,
          "no --ssl-cert and --ssl-key: run shows a self-signed certificate, which only clients of"
              + " MariaDB 11.4 or newer can verify, by the hash of their password in --accounts",
          MAKE);
      SelfSignedCheck.check(values, findings);
      return new Read(List.of(), Optional.empty(), Optional.of("EC"));
    }
    ServerFiles files = new ServerFiles(values, findings);
    List<X509Certificate> chain = files.chain();
    Optional<PrivateKey> key = files.key();
    Optional<X509Certificate> own = chain.stream().findFirst();
    if (key.isPresent() && own.isPresent()) {
      own = Optional.of(files.owner(key.get(), chain));
    }
    return new Read(chain, own, Optional.empty());
  }

  private List<X509Certificate> chain() {
    Optional<Path> file = values.get(Options.SSL_CERT);
    if (file.isEmpty()) {
      findings.wrong(Item.CERTIFICATE, "--ssl-cert: no server certificate for --ssl-key", MAKE);
      return List.of();
    }
    try {
      List<X509Certificate> chain =
          PemFile.read(file.get()).certificates("give the server's certificate in PEM");
      findings.ok(
          Item.CERTIFICATE,
          file.get() + " holds " + CertificateNames.subject(chain.get(0)) + more(chain.size()));
      return chain;
    } catch (UnusableFileException e) {
      findings.wrong(Item.CERTIFICATE, file.get(), e);
      return List.of();
    }
  }

  private static String more(int certificates) {
    return certificates == 1 ? "" : " and " + (certificates - 1) + " more";
  }

  private Optional<PrivateKey> key() {
    Optional<KeyLocation> given = values.get(Options.SSL_KEY);
    if (given.isEmpty()) {
      findings.wrong(Item.KEY, "--ssl-key: no private key for --ssl-cert", MAKE);
      return Optional.empty();
    }
    List<Path> secrets = OwnKey.secrets(values);
    secrets.forEach(secret -> Permissions.check(secret, findings));
    secrets.stream()
        .findFirst()
        .ifPresent(
            file ->
                findings.okUnlessFound(Item.KEY_PERMISSIONS, "only its owner can read " + file));
    return given.get() instanceof KeyLocation.File file ? read(file.path()) : onToken(given.get());
  }

  /** By the code of run, which tries the PIN once. */
  private Optional<PrivateKey> onToken(KeyLocation location) {
    try {
      PrivateKey key = OwnKey.load(values, location);
      findings.ok(
          Item.KEY, "the token has a key for " + key.getAlgorithm() + ", and signs with it");
      return Optional.of(key);
    } catch (OptionException e) {
      findings.wrong(Item.KEY, e);
      return Optional.empty();
    }
  }

  private Optional<PrivateKey> read(Path file) {
    Optional<Path> passphraseFile = values.get(Options.SSL_KEY_PASSPHRASE_FILE);
    Path current = passphraseFile.orElse(file);
    try (Passphrase passphrase =
        passphraseFile.isPresent() ? Passphrase.read(current) : Passphrase.none()) {
      current = file;
      PrivateKey key = KeyFile.read(current, passphrase.chars()).key();
      findings.ok(Item.KEY, current + " holds a key for " + key.getAlgorithm());
      return Optional.of(key);
    } catch (UnusableFileException e) {
      findings.wrong(Item.KEY, current, e);
    } catch (KeyFile.BadPassphrase e) {
      if (e.given()) {
        findings.wrong(
            Item.KEY,
            "the first line of " + passphraseFile.orElseThrow() + " is not its passphrase",
            "write the right one there; openssl pkey -in " + current + " -noout asks for it");
      } else {
        findings.wrong(
            Item.KEY,
            current + " is encrypted, and there is no passphrase",
            "give --ssl-key-passphrase-file=FILE");
      }
    }
    return Optional.empty();
  }

  private X509Certificate owner(PrivateKey key, List<X509Certificate> chain) {
    for (X509Certificate certificate : chain) {
      if (KeyPairCheck.matches(key, certificate.getPublicKey())) {
        findings.ok(Item.KEY_PAIR, "the key is that of " + CertificateNames.described(certificate));
        return certificate;
      }
    }
    findings.wrong(
        Item.KEY_PAIR,
        "the key is not that of " + CertificateNames.described(chain.get(0)),
        "give the key that it was requested with: openssl x509 -noout -pubkey -in "
            + values.get(Options.SSL_CERT).orElseThrow()
            + " and "
            + publicHalf(values.get(Options.SSL_KEY).orElseThrow())
            + " must print the same");
    return chain.get(0);
  }

  private static String publicHalf(KeyLocation key) {
    return key instanceof KeyLocation.File file
        ? "openssl pkey -pubout -in " + file.path()
        : "pkcs11-tool --read-object --type pubkey of the token (with openssl pkey -pubin)";
  }
}
