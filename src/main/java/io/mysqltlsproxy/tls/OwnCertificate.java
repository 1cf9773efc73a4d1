package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.KeyFile;
import io.mysqltlsproxy.pem.KeyPairCheck;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the proxy shows, and its key.
 *
 * @param chain the proxy's own certificate first
 */
record OwnCertificate(PrivateKey key, List<X509Certificate> chain) {
  private static final Logger LOG = LoggerFactory.getLogger(OwnCertificate.class);
  private static final String BOTH =
      "give both --ssl-cert and --ssl-key, which mysql-tls-proxy certs makes, or neither";

  private static final String DELETE = "delete it, and the proxy makes another one";

  OwnCertificate {
    chain = List.copyOf(chain);
  }

  /** The same where {@code ssl-cert} is given, or {@code ssl-key}, which is nothing alone. */
  static Optional<OwnCertificate> loadIfGiven(OptionValues values) throws OptionException {
    if (values.get(Options.SSL_CERT).isPresent()) {
      return Optional.of(given(values));
    }
    if (values.get(Options.SSL_KEY).isPresent()) {
      throw values.wrong(
          Options.SSL_KEY,
          "a key without its certificate",
          "give the certificate with --ssl-cert, or leave the key out");
    }
    return Optional.empty();
  }

  /**
   * The certificate of {@code ssl-cert} and {@code ssl-key}, or the proxy's own where there is
   * neither.
   *
   * @param before what has been shown until now; empty at the start
   */
  static OwnCertificate load(OptionValues values, Optional<OwnCertificate> before)
      throws OptionException {
    return SelfSignedCertificate.isWanted(values)
        ? SelfSignedCertificate.load(values, before, true, Instant.now())
        : givenToServer(values);
  }

  /** The same, but a certificate that is made is not kept. */
  static OwnCertificate load(OptionValues values) throws OptionException {
    return SelfSignedCertificate.isWanted(values)
        ? SelfSignedCertificate.load(values, Optional.empty(), false, Instant.now())
        : givenToServer(values);
  }

  private static OwnCertificate givenToServer(OptionValues values) throws OptionException {
    if (values.get(Options.SSL_SELF_SIGNED_DIR).isPresent()) {
      throw values.wrong(
          Options.SSL_SELF_SIGNED_DIR,
          "no self-signed certificate is made, because --ssl-cert or --ssl-key is given",
          "leave out one of the two");
    }
    return given(values);
  }

  /** Reads {@code ssl-cert} and {@code ssl-key} and proves that they belong together. */
  private static OwnCertificate given(OptionValues values) throws OptionException {
    Path certificateFile =
        values
            .get(Options.SSL_CERT)
            .orElseThrow(
                () -> values.wrong(Options.SSL_CERT, "no server certificate for --ssl-key", BOTH));
    if (values.get(Options.SSL_KEY).isEmpty()) {
      throw values.wrong(Options.SSL_KEY, "no private key for --ssl-cert", BOTH);
    }
    List<X509Certificate> chain;
    try {
      chain = chain(certificateFile);
    } catch (UnusableFileException e) {
      throw e.of(Options.SSL_CERT, values);
    }
    PrivateKey key = OwnKey.load(values, values.get(Options.SSL_KEY).orElseThrow());
    checkPair(values, key, chain);
    return new OwnCertificate(key, chain);
  }

  /** A certificate and its key, not encrypted, from one file. */
  static OwnCertificate read(Path file) throws UnusableFileException {
    List<X509Certificate> chain = chain(file);
    try {
      PrivateKey key = KeyFile.read(file, new char[0]).key();
      if (KeyPairCheck.matches(key, chain.get(0).getPublicKey())) {
        return new OwnCertificate(key, chain);
      }
      throw new UnusableFileException("its key is not that of its certificate", DELETE);
    } catch (KeyFile.BadPassphrase e) {
      throw new UnusableFileException("its key is encrypted", DELETE);
    }
  }

  private static List<X509Certificate> chain(Path file) throws UnusableFileException {
    PemFile pem = PemFile.read(file);
    return pem.certificates(
        pem.keys().isEmpty()
            ? "give the server's certificate in PEM"
            : "give the certificate here and the key with --ssl-key");
  }

  private static void checkPair(OptionValues values, PrivateKey key, List<X509Certificate> chain)
      throws OptionException {
    X509Certificate first = chain.get(0);
    if (KeyPairCheck.matches(key, first.getPublicKey())) {
      return;
    }
    for (X509Certificate other : chain.subList(1, chain.size())) {
      if (KeyPairCheck.matches(key, other.getPublicKey())) {
        throw values.wrong(
            Options.SSL_CERT,
            "chain in wrong order: the key belongs to " + CertificateNames.subject(other),
            "put that certificate first");
      }
    }
    throw values.wrong(
        Options.SSL_KEY,
        "not the key of the certificate " + CertificateNames.subject(first) + " in --ssl-cert",
        "give the key that the certificate was requested with");
  }

  /**
   * Logs what is wrong with the files although they can be used.
   *
   * @param whose what the messages call the certificate: {@code the server's certificate}
   * @param refusal what comes of it: {@code the server will refuse it}
   */
  void warn(OptionValues values, String whose, String refusal) {
    values
        .get(Options.SSL_CERT)
        .ifPresent(file -> warnOutsideValidity(file, Instant.now(), whose, refusal));
    OwnKey.warn(values, LOG);
  }

  /** As mysqld: a server whose certificate is out of date starts, and its clients decide. */
  private void warnOutsideValidity(Path file, Instant now, String whose, String refusal) {
    X509Certificate leaf = chain.get(0);
    if (now.isAfter(leaf.getNotAfter().toInstant())) {
      LOG.warn(
          "{}: {} {} expired at {}; {}",
          file,
          whose,
          CertificateNames.subject(leaf),
          leaf.getNotAfter().toInstant(),
          refusal);
    } else if (now.isBefore(leaf.getNotBefore().toInstant())) {
      LOG.warn(
          "{}: {} {} is not valid before {}; {}",
          file,
          whose,
          CertificateNames.subject(leaf),
          leaf.getNotBefore().toInstant(),
          refusal);
    }
  }
}
