package io.mysqltlsproxy.account.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.Statement;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.RegularFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.mysqltlsproxy.text.Utf16;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file of {@code --accounts}. */
public final class RulesFile {
  private static final int MAX_BYTES = 16 << 20;

  private RulesFile() {}

  private interface Parser<T> {
    T parse(String source, String text) throws RulesException;
  }

  static Accounts read(OptionValues values) throws OptionException {
    return parse(
        values,
        (source, text) -> {
          StatementParser.Parsed parsed = StatementParser.parseWhole(source, text);
          Accounts accounts = Accounts.of(source, parsed.statements());
          return parsed.sealed() ? accounts.sealed() : accounts;
        },
        Accounts.NONE);
  }

  /**
   * The rules in a text, which need not be that of a whole file.
   *
   * @param source what messages call the file
   */
  public static Accounts parse(String source, String text) throws RulesException {
    return Accounts.of(source, StatementParser.parse(source, text));
  }

  /** The statements in their order, those that later ones replace among them. */
  static List<Statement> statements(OptionValues values) throws OptionException {
    return parse(
        values, (source, text) -> StatementParser.parseWhole(source, text).statements(), List.of());
  }

  private static <T> T parse(OptionValues values, Parser<T> parser, T withoutFile)
      throws OptionException {
    Optional<Path> file = values.get(Options.ACCOUNTS);
    if (file.isEmpty()) {
      return withoutFile;
    }
    try {
      return parser.parse(file.get().toString(), text(values, file.get()));
    } catch (RulesException e) {
      throw new OptionException("--" + Options.ACCOUNTS.name() + ": " + e.getMessage());
    } catch (UnusableFileException e) {
      throw e.of(Options.ACCOUNTS, values);
    }
  }

  private static String text(OptionValues values, Path file)
      throws UnusableFileException, OptionException {
    byte[] bytes = RegularFile.read(file, MAX_BYTES);
    if (Utf16.is(bytes)) {
      throw values.wrong(Options.ACCOUNTS, "is text in UTF-16", Utf16.hint(file));
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw values.wrong(Options.ACCOUNTS, "not UTF-8", "save the file as UTF-8");
    }
  }
}
