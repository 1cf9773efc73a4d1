package io.mysqltlsproxy.account.name;

import io.mysqltlsproxy.account.name.DistinguishedName.Attribute;
import io.mysqltlsproxy.account.name.DistinguishedName.Part;
import io.mysqltlsproxy.text.InvalidNotationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1UniversalString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;

/** Names and values in DER. */
public final class EncodedName {
  private static final Charset UTF_32 = Charset.forName("UTF-32BE");

  private EncodedName() {}

  /**
   * Reads a name.
   *
   * @throws InvalidNotationException where it is none that the library reads, though the
   *     certificate was verified
   */
  public static DistinguishedName decode(byte[] der) throws InvalidNotationException {
    try {
      List<Part> parts = new ArrayList<>();
      for (RDN rdn : X500Name.getInstance(der).getRDNs()) {
        List<Attribute> attributes = new ArrayList<>();
        for (AttributeTypeAndValue each : rdn.getTypesAndValues()) {
          attributes.add(new Attribute(each.getType().getId(), value(each.getValue())));
        }
        parts.add(new Part(attributes));
      }
      return new DistinguishedName(parts);
    } catch (RuntimeException e) {
      // The library has several for bytes that are not what they should be, none of its own.
      throw new InvalidNotationException("cannot be read", "reissue the certificate");
    }
  }

  /** The value behind a {@code #} of RFC 4514, section 2.4. */
  static String decodeHex(String digits) throws InvalidNotationException {
    try {
      byte[] der = HexFormat.of().parseHex(digits);
      Optional<String> text =
          der.length == 0 ? Optional.empty() : text(ASN1Primitive.fromByteArray(der));
      if (text.isPresent() && text.get().indexOf('\0') < 0) {
        return text.get();
      }
    } catch (IOException | IllegalArgumentException e) {
      // Said below: a rule wants a text.
    }
    throw new InvalidNotationException(
        "the value behind # is not a text's DER in hexadecimal", "write the value as characters");
  }

  /**
   * The characters, or for what is no text the encoding behind a NUL, which no rule's text holds.
   */
  private static String value(ASN1Encodable value) {
    ASN1Primitive primitive = value.toASN1Primitive();
    return text(primitive).orElseGet(() -> "\0#" + HexFormat.of().formatHex(der(primitive)));
  }

  private static Optional<String> text(ASN1Primitive value) {
    try {
      if (value instanceof ASN1UniversalString universal) {
        return Optional.of(strict(UTF_32, universal.getOctets()));
      }
      return value instanceof ASN1String string
          ? Optional.of(string.getString())
          : Optional.empty();
    } catch (CharacterCodingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String strict(Charset charset, byte[] bytes) throws CharacterCodingException {
    return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static byte[] der(ASN1Primitive value) {
    try {
      return value.getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException("a decoded value has no encoding", e);
    }
  }
}
