package io.mysqltlsproxy.certs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * The name of a certificate's owner, written as OpenSSL's one line: {@code
 * /C=US/O=Example/CN=laura}.
 */
public record SubjectName(X500Name name) {

  /** OpenSSL's short names. */
  private static final Map<String, ASN1ObjectIdentifier> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put("C", BCStyle.C);
    TYPES.put("ST", BCStyle.ST);
    TYPES.put("L", BCStyle.L);
    TYPES.put("O", BCStyle.O);
    TYPES.put("OU", BCStyle.OU);
    TYPES.put("CN", BCStyle.CN);
    TYPES.put("emailAddress", BCStyle.EmailAddress);
    TYPES.put("UID", BCStyle.UID);
    TYPES.put("DC", BCStyle.DC);
  }

  /** The least of X.520's upper bounds, ub-common-name, serves for all. */
  private static final int MAX_LENGTH = 64;

  /**
   * Reads a name.
   *
   * @throws InvalidValueException also for a value with {@code / + \}, for which the versions of
   *     OpenSSL have different spellings, so that one REQUIRE clause could not name it to all of
   *     them
   */
  public static SubjectName parse(String text) throws InvalidValueException {
    if (!text.startsWith("/")) {
      throw new InvalidValueException("no name", "write it as in /C=US/O=Example/CN=laura");
    }
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    for (String part : text.substring(1).split("/", -1)) {
      int equals = part.indexOf('=');
      ASN1ObjectIdentifier type = TYPES.get(equals < 0 ? "" : part.substring(0, equals));
      if (type == null) {
        throw new InvalidValueException(
            "'" + part + "' is not part of a name",
            "give parts such as /CN=laura of the types " + String.join(", ", TYPES.keySet()));
      }
      name.addRDN(type, value(type, part.substring(equals + 1)));
    }
    return new SubjectName(name.build());
  }

  /** The name that has one part, CN. */
  public static SubjectName ofCommonName(String value) throws InvalidValueException {
    return new SubjectName(
        new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, value(BCStyle.CN, value)).build());
  }

  static SubjectName of(X500Principal name) {
    return new SubjectName(X500Name.getInstance(name.getEncoded()));
  }

  private static ASN1Encodable value(ASN1ObjectIdentifier type, String value)
      throws InvalidValueException {
    if (value.isEmpty() || value.codePointCount(0, value.length()) > MAX_LENGTH) {
      throw new InvalidValueException(
          "'" + value + "' is not 1 to " + MAX_LENGTH + " characters",
          "write a value of that length");
    }
    if (value.chars().anyMatch(c -> Character.isISOControl(c) || "/+\\".indexOf(c) >= 0)) {
      throw new InvalidValueException(
          "'" + value + "' contains a / or + or \\ or a control character", "write it without");
    }
    boolean ascii = value.chars().allMatch(c -> c < 0x80);
    if (type.equals(BCStyle.C)) {
      if (!value.matches("[A-Za-z]{2}")) {
        throw new InvalidValueException("'" + value + "' is not a country", "give its two letters");
      }
      return new DERPrintableString(value);
    }
    if (type.equals(BCStyle.EmailAddress) || type.equals(BCStyle.DC)) {
      if (!ascii) {
        throw new InvalidValueException("'" + value + "' is not ASCII", "write it in ASCII");
      }
      return new DERIA5String(value);
    }
    return new DERUTF8String(value);
  }

  /** The last CN. */
  public Optional<String> commonName() {
    return attributes()
        .filter(attribute -> attribute.getType().equals(BCStyle.CN))
        .map(attribute -> text(attribute.getValue()))
        .reduce((first, second) -> second);
  }

  /**
   * As OpenSSL's {@code X509_NAME_oneline} prints it, with which MySQL compares what REQUIRE says.
   */
  public String oneLine() {
    return Arrays.stream(name.getRDNs())
        .map(
            rdn ->
                Stream.of(rdn.getTypesAndValues())
                    .map(SubjectName::shown)
                    .collect(Collectors.joining("+")))
        .collect(Collectors.joining("/", "/", ""));
  }

  private Stream<AttributeTypeAndValue> attributes() {
    return Arrays.stream(name.getRDNs()).map(RDN::getTypesAndValues).flatMap(Stream::of);
  }

  private static String shown(AttributeTypeAndValue attribute) {
    String type =
        TYPES.entrySet().stream()
            .filter(known -> known.getValue().equals(attribute.getType()))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(attribute.getType().getId());
    return type + "=" + escaped(text(attribute.getValue()));
  }

  private static String text(ASN1Encodable value) {
    return value instanceof ASN1String string ? string.getString() : IETFUtils.valueToString(value);
  }

  private static String escaped(String value) {
    StringBuilder text = new StringBuilder();
    for (byte each : value.getBytes(UTF_8)) {
      int character = each & 0xff;
      if (character < ' ' || character > '~') {
        text.append("\\x%02X".formatted(character));
      } else {
        text.append("/+".indexOf(character) >= 0 ? "\\" : "").append((char) character);
      }
    }
    return text.toString();
  }
}
