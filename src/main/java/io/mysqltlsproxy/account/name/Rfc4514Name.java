package io.mysqltlsproxy.account.name;

import io.mysqltlsproxy.account.name.DistinguishedName.Attribute;
import io.mysqltlsproxy.account.name.DistinguishedName.Part;
import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * A name as in RFC 4514: {@code CN=laura+UID=7,O=Smith\, Inc.,C=US}; also with blanks round the
 * separators and with a value in double quotes, as programs print it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4514#section-3">RFC 4514, section 3</a>
 */
public final class Rfc4514Name {
  private final String text;
  private int at;

  Rfc4514Name(String text) {
    this.text = text;
  }

  List<Part> parts() throws InvalidNotationException {
    List<Part> parts = new ArrayList<>();
    do {
      List<Attribute> attributes = new ArrayList<>();
      do {
        attributes.add(attribute());
      } while (accept('+'));
      parts.add(new Part(attributes));
    } while (accept(','));
    if (at < text.length()) {
      throw new InvalidNotationException(
          "has a " + Printable.quoted(text.substring(at, at + 1)) + " that is not expected there",
          "write a backslash before it, and as a quoted text halves them, write two");
    }
    return parts;
  }

  private Attribute attribute() throws InvalidNotationException {
    int start = at;
    while (at < text.length() && "=,+\\\"".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String type = trimmed(text.substring(start, at));
    if (!accept('=')) {
      throw new InvalidNotationException(
          "has " + Printable.quoted(type) + " where TYPE=value is expected",
          "write a name such as 'CN=laura,C=US' or '/C=US/CN=laura'");
    }
    String oid = AttributeTypes.oid(type);
    skipBlanks();
    String value = accept('#') ? hex() : accept('"') ? quoted() : plain();
    if (value.isEmpty()) {
      throw new InvalidNotationException(
          "has nothing after " + AttributeTypes.shown(oid) + "=", "write the value");
    }
    return new Attribute(oid, value);
  }

  private String hex() throws InvalidNotationException {
    int start = at;
    while (at < text.length() && ",+ ".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String value = EncodedName.decodeHex(text.substring(start, at));
    skipBlanks();
    return value;
  }

  private String quoted() throws InvalidNotationException {
    NameValue value = new NameValue();
    while (!accept('"')) {
      if (at == text.length()) {
        throw new InvalidNotationException("has a \" without its end", "close it");
      }
      character(value);
    }
    skipBlanks();
    return value.decoded();
  }

  private String plain() throws InvalidNotationException {
    NameValue value = new NameValue();
    while (at < text.length() && ",+\";<>".indexOf(text.charAt(at)) < 0) {
      int blanks = at;
      skipBlanks();
      if (at == text.length() || text.charAt(at) == ',' || text.charAt(at) == '+') {
        break;
      }
      for (; blanks < at; blanks++) {
        value.character(' ');
      }
      if (",+\";<>".indexOf(text.charAt(at)) < 0) {
        character(value);
      }
    }
    return value.decoded();
  }

  /** One character, escaped or not. */
  private void character(NameValue value) throws InvalidNotationException {
    int character = text.codePointAt(at);
    if (character != '\\') {
      value.character(character);
      at += Character.charCount(character);
    } else if (at + 1 < text.length() && " \"#+,;<=>\\".indexOf(text.charAt(at + 1)) >= 0) {
      value.character(text.charAt(at + 1));
      at += 2;
    } else if (value.hex(text, at + 1)) {
      at += 3;
    } else {
      throw new InvalidNotationException(
          "has a backslash that escapes nothing", "write a backslash itself as \\\\\\\\");
    }
  }

  private boolean accept(char c) {
    boolean found = at < text.length() && text.charAt(at) == c;
    if (found) {
      at++;
    }
    return found;
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private static String trimmed(String type) {
    return type.replaceAll("^ +| +$", "");
  }
}
