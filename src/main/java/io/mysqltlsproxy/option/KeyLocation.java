package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a private key is; {@code toString} is the text that {@code --ssl-key} takes. */
public sealed interface KeyLocation {

  /** A key in PEM. */
  record File(Path path) implements KeyLocation {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A key that never leaves its token. */
  record Token(Pkcs11Uri uri) implements KeyLocation {
    @Override
    public String toString() {
      return uri.text();
    }
  }

  /** Reads a path, or a URI that begins with {@code pkcs11:}. */
  static KeyLocation parse(String text) throws InvalidValueException {
    return Pkcs11Uri.isOne(text)
        ? new Token(Pkcs11Uri.parse(text))
        : new File(ValueParsers.PATH.parse(text));
  }

  /** The file in which a change means another key, or another PIN; empty where there is none. */
  default Optional<Path> file() {
    return this instanceof Token token ? token.uri().pinFile() : Optional.of(((File) this).path());
  }
}
