package io.mysqltlsproxy.account;

import io.mysqltlsproxy.account.name.AlternativeName;
import io.mysqltlsproxy.account.name.DistinguishedName;
import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.Printable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** One thing that a REQUIRE clause demands of an encrypted connection. */
public sealed interface Condition {

  /** As the clause names it. */
  String keyword();

  /** What differs, where the client has shown this certificate; empty where nothing does. */
  Optional<String> difference(Transport transport, X509Certificate certificate);

  /** Whether it demands a verified certificate, not only encryption. */
  default boolean needsCertificate() {
    return true;
  }

  /** Encryption, or a certificate that the CA vouches for, whatever it says. */
  enum Level implements Condition {
    SSL,
    X509;

    @Override
    public String keyword() {
      return name();
    }

    @Override
    public boolean needsCertificate() {
      return this == X509;
    }

    @Override
    public Optional<String> difference(Transport transport, X509Certificate certificate) {
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
    public Optional<String> difference(Transport transport, X509Certificate certificate) {
      return transport.cipher().equals(name)
          ? Optional.empty()
          : Optional.of(
              "the connection uses %s, the rule wants %s"
                  .formatted(Printable.quoted(transport.cipher()), Printable.quoted(name)));
    }
  }

  /** Who signed the certificate, or whose it is. */
  record Name(Field field, DistinguishedName name) implements Condition {

    public enum Field {
      ISSUER,
      SUBJECT
    }

    @Override
    public String keyword() {
      return field.name();
    }

    @Override
    public Optional<String> difference(Transport transport, X509Certificate certificate) {
      return name.difference(
          field == Field.ISSUER
              ? certificate.getIssuerX500Principal()
              : certificate.getSubjectX500Principal());
    }
  }

  /** One of the certificate's subjectAltNames. */
  record San(AlternativeName name) implements Condition {
    @Override
    public String keyword() {
      return "SAN";
    }

    @Override
    public Optional<String> difference(Transport transport, X509Certificate certificate) {
      return name.missingFrom(certificate);
    }
  }

  /**
   * The certificate itself.
   *
   * @param sha256 of the DER, in lower-case hexadecimal
   */
  public record Fingerprint(String sha256) implements Condition {
    private static final String ALGORITHM = "SHA256:";

    public static Fingerprint parse(String text) throws InvalidNotationException {
      String digits =
          text.regionMatches(true, 0, ALGORITHM, 0, ALGORITHM.length())
              ? text.substring(ALGORITHM.length())
              : "";
      if (!digits.matches("[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){31}")) {
        throw new InvalidNotationException(
            "is not a fingerprint",
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
    public Optional<String> difference(Transport transport, X509Certificate certificate) {
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
