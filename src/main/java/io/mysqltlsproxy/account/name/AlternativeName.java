package io.mysqltlsproxy.account.name;

import io.mysqltlsproxy.account.host.Addresses;
import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.Printable;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A subjectAltName that a rule wants, compared as a whole: no wildcard matches another name.
 *
 * @param value folded as its kind is compared: DNS names and the domain of an email address in
 *     lower case, IP addresses as their bytes in hexadecimal
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6">RFC 5280, section
 *     4.2.1.6</a>
 */
public record AlternativeName(Kind kind, String value, String written) {

  /** The kinds, with their tags in GeneralName. */
  enum Kind {
    EMAIL("email", 1),
    DNS("DNS", 2),
    URI("URI", 6),
    IP("IP", 7);

    private final String prefix;
    private final int tag;

    Kind(String prefix, int tag) {
      this.prefix = prefix;
      this.tag = tag;
    }
  }

  private static final String CURE =
      "write 'DNS:app.example.com', 'URI:spiffe://example.com/app', 'email:laura@example.com' or"
          + " 'IP:10.0.0.7'";

  public static AlternativeName parse(String text) throws InvalidNotationException {
    for (Kind kind : Kind.values()) {
      int colon = kind.prefix.length();
      if (text.regionMatches(true, 0, kind.prefix + ":", 0, colon + 1)) {
        String name = text.substring(colon + 1);
        if (!name.matches("[!-~]{1,1024}")
            || (kind == Kind.IP && Addresses.bytes(name).isEmpty())) {
          throw new InvalidNotationException("is no " + kind.prefix + " name", CURE);
        }
        return new AlternativeName(kind, folded(kind, name), kind.prefix + ":" + name);
      }
    }
    throw new InvalidNotationException("is not a known kind of alternative name", CURE);
  }

  /**
   * All that a certificate has, each as a rule's SAN takes it: {@code DNS:app.example.com,
   * URI:spiffe://example.com/app}. Other kinds are left out; empty where there are none.
   */
  public static String allOf(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return "";
    }
    return names == null
        ? ""
        : names.stream().flatMap(AlternativeName::described).collect(Collectors.joining(", "));
  }

  private static Stream<String> described(List<?> name) {
    return Stream.of(Kind.values())
        .filter(kind -> Integer.valueOf(kind.tag).equals(name.get(0)))
        .map(kind -> kind.prefix + ":" + name.get(1));
  }

  public Optional<String> missingFrom(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return Optional.of("the certificate's alternative names cannot be read");
    }
    if (names == null) {
      return Optional.of("the certificate has none, the rule wants " + Printable.quoted(written));
    }
    List<String> found =
        names.stream()
            .filter(name -> Integer.valueOf(kind.tag).equals(name.get(0)))
            .map(name -> String.valueOf(name.get(1)))
            .toList();
    if (found.stream().anyMatch(name -> folded(kind, name).equals(value))) {
      return Optional.empty();
    }
    String has =
        found.isEmpty()
            ? "the certificate has no " + kind.prefix
            : kind.prefix
                + " is "
                + found.stream().limit(8).map(Printable::quoted).collect(Collectors.joining(", "));
    return Optional.of(has + ", the rule wants " + Printable.quoted(written));
  }

  private static String folded(Kind kind, String name) {
    return switch (kind) {
      case URI -> name;
      case DNS -> asciiLowerCase(name);
      case EMAIL -> {
        int at = name.lastIndexOf('@') + 1;
        yield name.substring(0, at) + asciiLowerCase(name.substring(at));
      }
      case IP -> Addresses.bytes(name).map(HexFormat.of()::formatHex).orElse("");
    };
  }

  /** Letters of ASCII only: no other letter may fold into one of them. */
  private static String asciiLowerCase(String name) {
    return name.chars().allMatch(c -> c < 0x80) ? name.toLowerCase(Locale.ROOT) : name;
  }
}
