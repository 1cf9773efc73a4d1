package io.mysqltlsproxy.account.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.Statement;
import io.mysqltlsproxy.option.FileAccess;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Utf16;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    return parse(values, RulesFile::parse, Accounts.NONE);
  }

  /**
   * The rules in the text of a rules file.
   *
   * @param source what messages call the file
   */
  public static Accounts parse(String source, String text) throws RulesException {
    return Accounts.of(source, StatementParser.parse(source, text));
  }

  /** The statements in their order, those that later ones replace among them. */
  static List<Statement> statements(OptionValues values) throws OptionException {
    return parse(values, StatementParser::parse, List.of());
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
    } catch (NoSuchFileException e) {
      throw values.wrong(Options.ACCOUNTS, "no such file", "make it, or correct the path");
    } catch (CharacterCodingException e) {
      throw values.wrong(Options.ACCOUNTS, "not UTF-8", "save the file as UTF-8");
    } catch (AccessDeniedException e) {
      throw values.wrong(Options.ACCOUNTS, "permission denied", FileAccess.readHint(file.get()));
    } catch (IOException e) {
      throw values.wrong(
          Options.ACCOUNTS, "cannot be read: " + reason(file.get(), e), "name a file of rules");
    }
  }

  private static String reason(Path file, IOException e) {
    return Files.isDirectory(file) ? "it is a directory" : String.valueOf(e.getMessage());
  }

  private static String text(OptionValues values, Path file) throws IOException, OptionException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw values.wrong(
          Options.ACCOUNTS, "longer than " + MAX_BYTES + " bytes", "write fewer rules");
    }
    if (Utf16.is(bytes)) {
      throw values.wrong(Options.ACCOUNTS, "is text in UTF-16", Utf16.hint(file));
    }
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
