package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which key of which token, <a href="https://www.rfc-editor.org/rfc/rfc7512">RFC 7512</a>. What is
 * empty is not asked for.
 *
 * @param text as the user wrote it; there is no PIN in it
 * @param token the label of the token
 * @param object the label of the key
 * @param id the identifier of the key (CKA_ID), in lower-case hexadecimal digits
 * @param modulePath the library of the token's maker, or the directory that holds it
 * @param moduleName the library's name, without {@code lib} and without its ending
 * @param pinFile the file whose first line is the PIN
 */
public record Pkcs11Uri(
    String text,
    Optional<String> token,
    Optional<String> manufacturer,
    Optional<String> model,
    Optional<String> serial,
    Optional<Long> slotId,
    Optional<String> object,
    Optional<String> id,
    Optional<Path> modulePath,
    Optional<String> moduleName,
    Optional<Path> pinFile) {

  private static final String SCHEME = "pkcs11:";
  private static final Set<String> IN_PATH =
      Set.of("token", "manufacturer", "model", "serial", "slot-id", "object", "id", "type");
  private static final Set<String> IN_QUERY =
      Set.of("module-path", "module-name", "pin-source", "pin-value");
  private static final String EXAMPLE =
      "pkcs11:token=TOKEN;object=KEY?module-path=/usr/lib/softhsm/libsofthsm2.so"
          + "&pin-source=file:/etc/mysql-tls-proxy/pin";
  private static final String ENCODE =
      "write what is not a letter, a digit or one of -._~ as % and two hexadecimal digits";

  /** Whether a text is meant as one. */
  static boolean isOne(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  static Pkcs11Uri parse(String text) throws InvalidValueException {
    String rest = text.substring(SCHEME.length());
    int mark = rest.indexOf('?');
    Map<String, byte[]> query =
        attributes(mark < 0 ? "" : rest.substring(mark + 1), "&", IN_QUERY, "after the ?");
    if (query.containsKey("pin-value")) {
      throw InvalidValueException.ofSecret(
          "a PIN in an option can be read by everyone who can list this machine's processes",
          "write it to a file that only the proxy can read, and give pin-source=file:/PATH");
    }
    Map<String, byte[]> path =
        attributes(mark < 0 ? rest : rest.substring(0, mark), ";", IN_PATH, "before the ?");
    String type = text(path, "type").orElse("private");
    if (!type.equals("private")) {
      throw new InvalidValueException(
          "type=" + type + " is not a private key", "give type=private, or leave it out");
    }
    return new Pkcs11Uri(
        text,
        text(path, "token"),
        text(path, "manufacturer"),
        text(path, "model"),
        text(path, "serial"),
        slot(path),
        text(path, "object"),
        Optional.ofNullable(path.get("id")).map(HexFormat.of()::formatHex),
        path(text(query, "module-path")),
        text(query, "module-name"),
        pinFile(text(query, "pin-source")));
  }

  private static Map<String, byte[]> attributes(
      String text, String separator, Set<String> known, String where) throws InvalidValueException {
    Map<String, byte[]> found = new HashMap<>();
    for (String each : text.isEmpty() ? List.<String>of() : List.of(text.split(separator, -1))) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      // Nothing of the URI is shown with these errors: there may be a PIN in the wrong place.
      if (!known.contains(name)) {
        throw InvalidValueException.ofSecret(
            equals < 0
                ? "in a PKCS#11 URI each attribute is written NAME=VALUE"
                : "a PKCS#11 URI has no attribute '" + name + "' " + where,
            "there may be "
                + String.join(", ", known.stream().sorted().toList())
                + ", as in "
                + EXAMPLE);
      }
      if (equals < 0 || equals == each.length() - 1) {
        throw InvalidValueException.ofSecret(
            name + " has no value", "give one, or leave it out, as in " + EXAMPLE);
      }
      if (found.put(name, decode(name, each.substring(equals + 1))) != null) {
        throw InvalidValueException.ofSecret(name + " is given twice", "leave out one of them");
      }
    }
    return found;
  }

  private static byte[] decode(String name, String value) throws InvalidValueException {
    ByteBuffer bytes = ByteBuffer.allocate(value.length() * 3);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '%') {
        bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      try {
        bytes.put((byte) HexFormat.fromHexDigits(value, i + 1, i + 3));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw InvalidValueException.ofSecret(
            name + " has a % without two hexadecimal digits", ENCODE);
      }
      i += 2;
    }
    byte[] decoded = new byte[bytes.position()];
    bytes.flip().get(decoded);
    return decoded;
  }

  private static Optional<String> text(Map<String, byte[]> attributes, String name)
      throws InvalidValueException {
    byte[] bytes = attributes.get(name);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new InvalidValueException(name + " is not UTF-8", ENCODE);
    }
  }

  private static Optional<Long> slot(Map<String, byte[]> path) throws InvalidValueException {
    Optional<String> text = text(path, "slot-id");
    try {
      return text.map(Long::parseUnsignedLong);
    } catch (NumberFormatException e) {
      throw new InvalidValueException(
          "slot-id is not a number", "give one, or token=LABEL instead");
    }
  }

  private static Optional<Path> path(Optional<String> text) throws InvalidValueException {
    return text.isEmpty() ? Optional.empty() : Optional.of(ValueParsers.PATH.parse(text.get()));
  }

  /** A file's path, or its URI. A command, which the RFC would allow, is never run. */
  private static Optional<Path> pinFile(Optional<String> source) throws InvalidValueException {
    if (source.isEmpty()) {
      return Optional.empty();
    }
    String text = source.get().replaceFirst("^file:(//(localhost)?(?=/))?", "");
    if (text.startsWith("|") || (!text.startsWith("/") && text.contains(":"))) {
      throw new InvalidValueException(
          "pin-source is not a file", "give pin-source=file:/PATH of a file that holds the PIN");
    }
    return path(Optional.of(text));
  }
}
