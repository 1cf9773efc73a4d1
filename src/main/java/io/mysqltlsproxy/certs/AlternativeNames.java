package io.mysqltlsproxy.certs;

import static java.util.stream.Collectors.joining;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.util.IPAddress;

/**
 * A subjectAltName, written as in OpenSSL's configuration: {@code DNS:db.example.com,IP:10.0.0.1}.
 *
 * @param names in their order; may be empty
 */
public record AlternativeNames(List<GeneralName> names) {

  /** Nothing but the subject. */
  public static final AlternativeNames NONE = new AlternativeNames(List.of());

  public AlternativeNames {
    names = List.copyOf(names);
  }

  /** Reads names with commas between. */
  public static AlternativeNames parse(String text) throws InvalidValueException {
    List<GeneralName> names = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      int colon = each.indexOf(':');
      String kind = each.substring(0, Math.max(colon, 0)).strip();
      String value = each.substring(colon + 1).strip();
      boolean valid =
          switch (kind) {
            case "DNS" -> isHostName(value);
            case "IP" -> IPAddress.isValid(value);
            case "URI" -> isUri(value);
            case "email" -> value.matches("[!-?A-~]+@[A-Za-z0-9.-]+");
            default -> false;
          };
      if (!valid) {
        throw new InvalidValueException(
            "'" + each + "' is not an alternative name",
            "list names such as DNS:db.example.com, IP:10.0.0.1, URI:spiffe://example.com/db or"
                + " email:dba@example.com, separated by commas");
      }
      names.add(encoded(kind, value));
    }
    return new AlternativeNames(names);
  }

  /** Those of a certificate, of whatever kind. */
  public static AlternativeNames of(X509Certificate certificate) {
    try {
      GeneralNames found =
          GeneralNames.fromExtensions(
              new JcaX509CertificateHolder(certificate).getExtensions(),
              Extension.subjectAlternativeName);
      return found == null ? NONE : new AlternativeNames(List.of(found.getNames()));
    } catch (CertificateEncodingException | IllegalArgumentException e) {
      // A damaged extension names nothing.
      return NONE;
    }
  }

  /** What a client connects to: the first host that is not localhost, which may mean a socket. */
  public Optional<String> host() {
    List<String> hosts =
        names.stream().filter(AlternativeNames::isHost).map(AlternativeNames::value).toList();
    return hosts.stream()
        .filter(host -> !host.equals("localhost"))
        .findFirst()
        .or(() -> hosts.stream().findFirst());
  }

  /** As {@link #parse} reads them; a kind that it does not know is shown by its number. */
  public String text() {
    return names.stream().map(name -> kind(name) + ":" + value(name)).collect(joining(","));
  }

  GeneralNames encoded() {
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static GeneralName encoded(String kind, String value) {
    return switch (kind) {
      case "DNS" -> new GeneralName(GeneralName.dNSName, value);
      case "IP" -> new GeneralName(GeneralName.iPAddress, value);
      case "URI" -> new GeneralName(GeneralName.uniformResourceIdentifier, value);
      default -> new GeneralName(GeneralName.rfc822Name, value);
    };
  }

  /** Whether a client can be told to connect to it. */
  private static boolean isHost(GeneralName name) {
    return name.getTagNo() == GeneralName.iPAddress
        || (name.getTagNo() == GeneralName.dNSName && !name.getName().toString().startsWith("*"));
  }

  private static String kind(GeneralName name) {
    return switch (name.getTagNo()) {
      case GeneralName.dNSName -> "DNS";
      case GeneralName.iPAddress -> "IP";
      case GeneralName.uniformResourceIdentifier -> "URI";
      case GeneralName.rfc822Name -> "email";
      default -> "[" + name.getTagNo() + "]";
    };
  }

  private static String value(GeneralName name) {
    if (name.getTagNo() != GeneralName.iPAddress) {
      return name.getName().toString();
    }
    try {
      return InetAddress.getByAddress(ASN1OctetString.getInstance(name.getName()).getOctets())
          .getHostAddress();
    } catch (UnknownHostException e) {
      return name.getName().toString();
    }
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
