package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.option.OptionValues.Given;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Merges the sources: flags win over environment variables, these over the option file. */
public final class OptionSources {

  private static final String FLAG = "--";

  private final OptionSet options;
  private final Map<String, Given> given = new HashMap<>();

  private OptionSources(OptionSet options) {
    this.options = options;
  }

  /** Returns the value of every option of {@code run}. */
  public static OptionValues read(
      Map<String, String> flags, Map<String, String> environment, Path usualFile)
      throws OptionException {
    return read(OptionSet.RUN, flags, environment, usualFile);
  }

  /**
   * Returns the value of every option.
   *
   * @param options those of the command
   * @param flags the text of each option that the command line gives, by the option's name
   * @param environment all variables; those that do not begin with MYSQL_TLS_PROXY_ are ignored
   * @param usualFile the option file to read if it is there and nothing names another
   * @throws OptionException for the first wrong option, even where another source would replace it
   */
  public static OptionValues read(
      OptionSet options, Map<String, String> flags, Map<String, String> environment, Path usualFile)
      throws OptionException {
    OptionSources explicit = new OptionSources(options);
    explicit.addEnvironment(environment);
    explicit.addFlags(flags);

    OptionSources all = new OptionSources(options);
    all.addDefaults();
    all.addFile(explicit.given.get(Options.DEFAULTS_FILE.name()), usualFile);
    all.given.putAll(explicit.given);
    return new OptionValues(options, all.given);
  }

  private void addDefaults() throws OptionException {
    for (Option<?> option : options.all()) {
      given.put(option.name(), parse(FLAG, option, option.defaultText()));
    }
  }

  private void addFile(@Nullable Given named, Path usualFile) throws OptionException {
    String place = FLAG + Options.DEFAULTS_FILE.name();
    Optional<?> file = Optional.of(usualFile);
    if (named != null) {
      place = named.place();
      file = (Optional<?>) named.value();
    } else if (Files.notExists(usualFile)) {
      given.put(Options.DEFAULTS_FILE.name(), new Given(place, "", Optional.empty()));
      return;
    }
    Path path = (Path) file.orElseThrow();
    given.put(Options.DEFAULTS_FILE.name(), new Given(place, path.toString(), Optional.of(path)));
    for (OptionLine line : OptionFile.read(options, path, place + "=" + path, named != null)) {
      addLine(line);
    }
  }

  private void addLine(OptionLine line) throws OptionException {
    OptionName name = OptionName.of(options, line.name());
    String place = line.place();
    if (name.option().isEmpty()) {
      if (name.loose()) {
        return;
      }
      throw name.unknown(place, Option::name);
    }
    Option<?> option = name.option().get();
    if (option.equals(Options.DEFAULTS_FILE)) {
      throw new OptionException(
          place + option.name() + ": not allowed in an option file; write !include FILE");
    }
    String text = line.value();
    if (name.skip() && text != null) {
      throw name.skipWithValue(place, text);
    }
    if (text == null) {
      if (!option.isSwitch()) {
        throw new OptionException(
            place + option.name() + ": no value; write " + option.name() + "=" + option.argument());
      }
      text = name.skip() ? "OFF" : "ON";
    }
    add(place, option, text);
  }

  private void addEnvironment(Map<String, String> environment) throws OptionException {
    for (var variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(Option.VARIABLE_PREFIX)
          || variable.getValue().isEmpty()
          || ServiceLinks.contains(name, variable.getValue())) {
        continue;
      }
      Option<?> option =
          options.all().stream()
              .filter(each -> each.variable().equals(name))
              .findFirst()
              .orElseThrow(() -> unknownVariable(name));
      add(name + ": ", option, variable.getValue());
    }
  }

  private OptionException unknownVariable(String variable) {
    String name =
        variable
            .substring(Option.VARIABLE_PREFIX.length())
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    Optional<String> elsewhere = options.commandWith(name);
    if (elsewhere.isPresent()) {
      return new OptionException(
          variable
              + ": an option of "
              + elsewhere.get()
              + ", not of "
              + options.command()
              + "; unset it here");
    }
    return new OptionException(
        variable
            + ": no option has this variable; "
            + OptionName.didYouMean(options, name, Option::variable));
  }

  private void addFlags(Map<String, String> flags) throws OptionException {
    for (var flag : flags.entrySet()) {
      OptionName name = OptionName.of(options, flag.getKey());
      add(
          FLAG,
          name.option().orElseThrow(() -> name.unknown(FLAG, known -> FLAG + known.name())),
          flag.getValue());
    }
  }

  private void add(String place, Option<?> option, String text) throws OptionException {
    if (text.isEmpty()) {
      // An optional value would be switched off by a shell's unset variable: --ssl-ca=$CA
      throw new OptionException(
          place
              + option.name()
              + "=: empty; give "
              + option.argument()
              + " or leave the option out");
    }
    given.put(option.name(), parse(place, option, text));
  }

  private static Given parse(String place, Option<?> option, String text) throws OptionException {
    String at = place + option.name();
    try {
      return new Given(at, text, option.check().parse(text));
    } catch (InvalidValueException e) {
      String shown = e.isSecret() ? "" : "=" + text;
      throw new OptionException(at + shown + ": " + e.getMessage() + "; " + e.hint());
    }
  }
}
