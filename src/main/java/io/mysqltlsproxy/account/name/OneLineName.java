package io.mysqltlsproxy.account.name;

import io.mysqltlsproxy.account.name.DistinguishedName.Attribute;
import io.mysqltlsproxy.account.name.DistinguishedName.Part;
import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * A name as OpenSSL's {@code X509_NAME_oneline} prints it: {@code /C=US/O=x\/y/CN=laura+UID=7}.
 *
 * <p>Since OpenSSL 3 a {@code /} or {@code +} within a value has a backslash before it. A backslash
 * itself has none, so that the printed text does not always tell which certificate it came from;
 * here {@code \/}, {@code \+} and {@code \xHH} are always escapes, and every other backslash is
 * refused.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/X509_NAME_print_ex/">OpenSSL:
 *     X509_NAME_oneline</a>
 */
public final class OneLineName {
  private final String text;
  private int at;

  OneLineName(String text) {
    this.text = text;
  }

  List<Part> parts() throws InvalidNotationException {
    List<Part> parts = new ArrayList<>();
    while (at < text.length()) {
      List<Attribute> attributes = new ArrayList<>();
      do {
        at++;
        attributes.add(attribute());
      } while (at < text.length() && text.charAt(at) == '+');
      parts.add(new Part(attributes));
    }
    return parts;
  }

  /** What stands behind a {@code /} or {@code +}, up to the next one. */
  private Attribute attribute() throws InvalidNotationException {
    int start = at;
    while (at < text.length() && "=/+\\".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == text.length() || text.charAt(at) != '=') {
      throw new InvalidNotationException(
          "has " + Printable.quoted(text.substring(start, at)) + " where TYPE=value is expected",
          "write \\\\/ or \\\\+ where a value contains / or +");
    }
    String type = AttributeTypes.oid(text.substring(start, at));
    at++;
    NameValue value = new NameValue();
    while (at < text.length() && text.charAt(at) != '/' && text.charAt(at) != '+') {
      if (text.charAt(at) == '\\') {
        escape(value);
      } else {
        int character = text.codePointAt(at);
        value.character(character);
        at += Character.charCount(character);
      }
    }
    if (value.isEmpty()) {
      throw new InvalidNotationException(
          "has nothing after " + AttributeTypes.shown(type) + "=", "write the value");
    }
    return new Attribute(type, value.decoded());
  }

  private void escape(NameValue value) throws InvalidNotationException {
    char escaped = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
    if (escaped == '/' || escaped == '+') {
      value.character(escaped);
      at += 2;
    } else if (escaped == 'x' && value.hex(text, at + 2)) {
      at += 4;
    } else {
      throw new InvalidNotationException(
          "has a backslash that could mean more than one certificate",
          "write the name as in RFC 4514: 'CN=laura,O=a\\\\\\\\b'");
    }
  }
}
