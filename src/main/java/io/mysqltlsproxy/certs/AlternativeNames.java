package io.mysqltlsproxy.certs;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.util.IPAddress;

/**
 * A subjectAltName, written as in OpenSSL's configuration: {@code DNS:db.example.com,IP:10.0.0.1}.
 *
 * @param names may be empty
 */
public record AlternativeNames(List<Name> names) {

  /** Nothing but the subject. */
  public static final AlternativeNames NONE = new AlternativeNames(List.of());

  /**
   * One name.
   *
   * @param kind {@code DNS}, {@code IP}, {@code URI} or {@code email}
   */
  record Name(String kind, String value) {
    /** Whether a client can be told to connect to it. */
    private boolean isHost() {
      return kind.equals("IP") || (kind.equals("DNS") && !value.startsWith("*"));
    }

    private GeneralName encoded() {
      return switch (kind) {
        case "DNS" -> new GeneralName(GeneralName.dNSName, value);
        case "IP" -> new GeneralName(GeneralName.iPAddress, value);
        case "URI" -> new GeneralName(GeneralName.uniformResourceIdentifier, value);
        default -> new GeneralName(GeneralName.rfc822Name, value);
      };
    }
  }

  public AlternativeNames {
    names = List.copyOf(names);
  }

  /** Reads names with commas between. */
  public static AlternativeNames parse(String text) throws InvalidValueException {
    List<Name> names = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      int colon = each.indexOf(':');
      Name name =
          new Name(
              each.substring(0, Math.max(colon, 0)).strip(), each.substring(colon + 1).strip());
      boolean valid =
          switch (name.kind()) {
            case "DNS" -> isHostName(name.value());
            case "IP" -> IPAddress.isValid(name.value());
            case "URI" -> isUri(name.value());
            case "email" -> name.value().matches("[!-?A-~]+@[A-Za-z0-9.-]+");
            default -> false;
          };
      if (!valid) {
        throw new InvalidValueException(
            "'" + each + "' is no alternative name",
            "list names such as DNS:db.example.com, IP:10.0.0.1, URI:spiffe://example.com/db or"
                + " email:dba@example.com with commas between");
      }
      names.add(name);
    }
    return new AlternativeNames(names);
  }

  /** The hosts of a certificate: its names and addresses. */
  static AlternativeNames hostsOf(X509Certificate certificate) {
    List<Name> names = new ArrayList<>();
    try {
      Collection<List<?>> found = certificate.getSubjectAlternativeNames();
      for (List<?> each : found == null ? List.<List<?>>of() : found) {
        if (each.get(0).equals(GeneralName.dNSName)) {
          names.add(new Name("DNS", each.get(1).toString()));
        } else if (each.get(0).equals(GeneralName.iPAddress)) {
          names.add(new Name("IP", each.get(1).toString()));
        }
      }
    } catch (CertificateParsingException e) {
      // A damaged extension names no host.
    }
    return new AlternativeNames(names);
  }

  /** What a client connects to: the first host that is not localhost, which may mean a socket. */
  public Optional<String> host() {
    List<String> hosts = names.stream().filter(Name::isHost).map(Name::value).toList();
    return hosts.stream()
        .filter(host -> !host.equals("localhost"))
        .findFirst()
        .or(() -> hosts.stream().findFirst());
  }

  GeneralNames encoded() {
    return new GeneralNames(names.stream().map(Name::encoded).toArray(GeneralName[]::new));
  }

  private static boolean isHostName(String text) {
    return text.length() <= 253
        && text.matches("(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*)(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*))*")
        && !text.matches("[0-9.]+");
  }

  private static boolean isUri(String text) {
    try {
      return new URI(text).isAbsolute() && text.chars().allMatch(c -> c < 0x80);
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
