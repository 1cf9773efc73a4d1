package io.mysqltlsproxy.account;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** One thing that a REQUIRE clause demands. */
sealed interface Condition {

  /** As the clause names it. */
  String keyword();

  /** What is wrong with an encrypted connection whose client has shown this certificate. */
  Optional<String> unmet(Transport transport, X509Certificate certificate);

  /** Whether it demands a verified certificate, not only encryption. */
  default boolean needsCertificate() {
    return true;
  }

  /** What is wrong with the connection; empty where nothing is. */
  default Optional<String> unmet(Transport transport) {
    if (!transport.isEncrypted()) {
      return Optional.of("REQUIRE " + keyword() + " is not met: the connection is not encrypted");
    }
    if (!needsCertificate()) {
      return Optional.empty();
    }
    return transport.clientCertificate().isEmpty()
        ? Optional.of("REQUIRE " + keyword() + " is not met: the client showed no certificate")
        : unmet(transport, transport.clientCertificate().get())
            .map(what -> keyword() + ": " + what);
  }

  /** The connection is encrypted. */
  record Ssl() implements Condition {
    @Override
    public String keyword() {
      return "SSL";
    }

    @Override
    public boolean needsCertificate() {
      return false;
    }

    @Override
    public Optional<String> unmet(Transport transport, X509Certificate certificate) {
      return Optional.empty();
    }
  }

  /** The client has a certificate that the CA vouches for. */
  record X509() implements Condition {
    @Override
    public String keyword() {
      return "X509";
    }

    @Override
    public Optional<String> unmet(Transport transport, X509Certificate certificate) {
      return Optional.empty();
    }
  }

  /** The cipher, by OpenSSL's name; as in MySQL, with a certificate. */
  record Cipher(String name) implements Condition {
    @Override
    public String keyword() {
      return "CIPHER";
    }

    @Override
    public Optional<String> unmet(Transport transport, X509Certificate certificate) {
      return transport.cipher().equals(name)
          ? Optional.empty()
          : Optional.of(
              "it is %s, the rule wants %s"
                  .formatted(Shown.quoted(transport.cipher()), Shown.quoted(name)));
    }
  }

  /** Who signed the certificate. */
  record Issuer(DistinguishedName name) implements Condition {
    @Override
    public String keyword() {
      return "ISSUER";
    }

    @Override
    public Optional<String> unmet(Transport transport, X509Certificate certificate) {
      return name.difference(DistinguishedName.of(certificate.getIssuerX500Principal()));
    }
  }

  /** Whose certificate it is. */
  record Subject(DistinguishedName name) implements Condition {
    @Override
    public String keyword() {
      return "SUBJECT";
    }

    @Override
    public Optional<String> unmet(Transport transport, X509Certificate certificate) {
      return name.difference(DistinguishedName.of(certificate.getSubjectX500Principal()));
    }
  }

  /** One of the certificate's subjectAltNames. */
  record San(AlternativeName name) implements Condition {
    @Override
    public String keyword() {
      return "SAN";
    }

    @Override
    public Optional<String> unmet(Transport transport, X509Certificate certificate) {
      return name.missingFrom(certificate);
    }
  }

  /**
   * The certificate itself.
   *
   * @param sha256 of the DER, in lower-case hexadecimal
   */
  record Fingerprint(String sha256) implements Condition {
    private static final String ALGORITHM = "SHA256:";

    static Fingerprint parse(String text) throws BadText {
      String digits =
          text.regionMatches(true, 0, ALGORITHM, 0, ALGORITHM.length())
              ? text.substring(ALGORITHM.length())
              : "";
      if (!digits.matches("[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){31}")) {
        throw new BadText(
            "is no fingerprint",
            "write 'SHA256:' and the 64 digits that openssl x509 -noout -fingerprint -sha256"
                + " prints, with or without colons");
      }
      return new Fingerprint(digits.replace(":", "").toLowerCase(Locale.ROOT));
    }

    @Override
    public String keyword() {
      return "FINGERPRINT";
    }

    @Override
    public Optional<String> unmet(Transport transport, X509Certificate certificate) {
      String actual = of(certificate);
      return actual.equals(sha256)
          ? Optional.empty()
          : Optional.of("it is SHA256:%s, the rule wants SHA256:%s".formatted(actual, sha256));
    }

    private static String of(X509Certificate certificate) {
      try {
        return HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
      } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
        throw new IllegalStateException("a verified certificate without a fingerprint", e);
      }
    }
  }
}
