package io.mysqltlsproxy.tls.trust;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1BMPString;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1NumericString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1T61String;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.ASN1UniversalString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.jspecify.annotations.Nullable;

/**
 * A distinguished name as OpenSSL compares them: the kind of string, the case of ASCII letters and
 * the number of spaces do not matter, the order does. Java and Bouncy Castle each have rules of
 * their own for this, and a name constraint asks for a comparison from the beginning on, which
 * neither offers.
 */
final class DistinguishedName {
  private static final DistinguishedName NONE = new DistinguishedName("", List.of());

  private final String canonical;
  private final List<AttributeTypeAndValue> attributes;

  private DistinguishedName(String canonical, List<AttributeTypeAndValue> attributes) {
    this.canonical = canonical;
    this.attributes = attributes;
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException where it is damaged
   */
  static DistinguishedName of(ASN1Encodable encoded) {
    return NONE.with(X500Name.getInstance(encoded).getRDNs());
  }

  /**
   * This name and more parts after its own.
   *
   * @throws IllegalArgumentException where one is damaged
   */
  DistinguishedName with(RDN... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<AttributeTypeAndValue> all = new ArrayList<>(attributes);
    try {
      for (RDN rdn : parts) {
        ASN1EncodableVector set = new ASN1EncodableVector();
        for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
          all.add(attribute);
          ASN1EncodableVector pair = new ASN1EncodableVector();
          pair.add(attribute.getType());
          pair.add(canonical(attribute.getValue()));
          set.add(new DERSequence(pair));
        }
        bytes.write(new DERSet(set).getEncoded(ASN1Encoding.DER));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("damaged name", e);
    }
    return new DistinguishedName(
        canonical + bytes.toString(StandardCharsets.ISO_8859_1), List.copyOf(all));
  }

  private static ASN1Encodable canonical(ASN1Encodable value) {
    String text = text(value);
    if (text != null) {
      return new DERUTF8String(folded(text));
    }
    boolean readByOpenSsl =
        value instanceof ASN1NumericString
            || value instanceof ASN1BitString
            || value instanceof ASN1Sequence;
    if (!readByOpenSsl) {
      throw new IllegalArgumentException("a value of a kind that no name may have");
    }
    return value;
  }

  /** The text of a kind of string that compares as text; null for all else. */
  static @Nullable String text(ASN1Encodable value) {
    if (value instanceof ASN1UTF8String string) {
      return string.getString();
    }
    if (value instanceof ASN1PrintableString string) {
      return string.getString();
    }
    if (value instanceof ASN1IA5String string) {
      return string.getString();
    }
    if (value instanceof ASN1T61String string) {
      return new String(string.getOctets(), StandardCharsets.ISO_8859_1);
    }
    if (value instanceof ASN1BMPString string) {
      return withoutSurrogates(string.getString());
    }
    if (value instanceof ASN1UniversalString string) {
      return utf32(string.getOctets());
    }
    return null;
  }

  /** A BMPString has a character for every two bytes, and none beyond the BMP. */
  private static String withoutSurrogates(String text) {
    if (text.chars().anyMatch(c -> Character.isSurrogate((char) c))) {
      throw new IllegalArgumentException("no such character");
    }
    return text;
  }

  private static String utf32(byte[] octets) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i + 3 < octets.length; i += 4) {
      int codePoint =
          (octets[i] & 0xff) << 24
              | (octets[i + 1] & 0xff) << 16
              | (octets[i + 2] & 0xff) << 8
              | (octets[i + 3] & 0xff);
      if (!Character.isValidCodePoint(codePoint)) {
        throw new IllegalArgumentException("no such character");
      }
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }

  private static String folded(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        space = folded.length() > 0;
        continue;
      }
      if (space) {
        folded.append(' ');
        space = false;
      }
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return folded.toString();
  }

  boolean isEmpty() {
    return attributes.isEmpty();
  }

  /** How many attributes it has. */
  int size() {
    return attributes.size();
  }

  /** Whether the other begins with all that this one has. */
  boolean isPrefixOf(DistinguishedName other) {
    return other.canonical.startsWith(canonical);
  }

  /** The values of one type of attribute, in the name's order. */
  List<ASN1Encodable> values(ASN1ObjectIdentifier type) {
    return attributes.stream()
        .filter(attribute -> attribute.getType().equals(type))
        .map(AttributeTypeAndValue::getValue)
        .toList();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DistinguishedName name && canonical.equals(name.canonical);
  }

  @Override
  public int hashCode() {
    return canonical.hashCode();
  }

  @Override
  public String toString() {
    return Arrays.toString(attributes.toArray());
  }
}
