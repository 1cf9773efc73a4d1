package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.option.Option.ValueParser;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The texts that options take. None is ever empty: {@link OptionSources} refuses that first. */
public final class ValueParsers {

  private static final List<String> TLS_VERSIONS =
      List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern SERVER_VERSION_SHAPE =
      Pattern.compile("(?=.{1,60}$)[0-9]{1,3}(\\.[0-9]{1,3}){2}(?![0-9])\\p{Print}*");
  private static final Pattern NUMBERS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE);
  private static final Pattern IPV6_LETTERS =
      Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_.-]+)?");

  private ValueParsers() {}

  /** A parser that knows how to say what it accepts. */
  private record Ranged<T>(String range, ValueParser<T> parser) implements ValueParser<T> {
    @Override
    public T parse(String text) throws InvalidValueException {
      return parser.parse(text);
    }
  }

  /** mysqld's words for a Boolean system variable, and YES and NO. */
  static final ValueParser<Boolean> SWITCH =
      new Ranged<>(
          "ON or OFF; also 1, TRUE, YES, 0, FALSE, NO",
          text ->
              switch (text.toUpperCase(Locale.ROOT)) {
                case "ON", "1", "TRUE", "YES" -> true;
                case "OFF", "0", "FALSE", "NO" -> false;
                default -> throw new InvalidValueException("neither ON nor OFF", "give ON or OFF");
              });

  /** A file's path. It does not check whether the file exists. */
  public static final ValueParser<Path> PATH =
      text -> {
        try {
          return Path.of(text);
        } catch (InvalidPathException e) {
          throw new InvalidValueException("not a path", "give the path of a file");
        }
      };

  /** The path of a Unix socket to listen on, made absolute. */
  static final ValueParser<Path> SOCKET =
      text -> {
        Path path = PATH.parse(text).toAbsolutePath();
        if (path.toString().getBytes(StandardCharsets.UTF_8).length
            > Backend.MAX_SOCKET_PATH_BYTES) {
          throw new InvalidValueException(
              "longer than a socket's path may be",
              "use a path of at most " + Backend.MAX_SOCKET_PATH_BYTES + " bytes");
        }
        return path;
      };

  static final ValueParser<String> BIND_ADDRESS =
      text -> {
        if (!text.equals("*") && !isHost(text) && !isIpv6(text)) {
          throw new InvalidValueException(
              "not an address", "give one IP address or name of this machine, or * for all");
        }
        return text;
      };

  /**
   * One of a few words.
   *
   * @param what what each stands for: {@code log level}
   */
  static <T extends Enum<T>> ValueParser<T> oneOf(T[] words, String what) {
    List<T> all = List.of(words);
    String range = all.stream().map(T::toString).collect(Collectors.joining(", "));
    return new Ranged<>(
        range,
        text ->
            all.stream()
                .filter(word -> word.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("not a " + what, "give " + range)));
  }

  /**
   * A contiguous choice of protocol versions in ascending order, as mysqld's <a
   * href="https://dev.mysql.com/doc/refman/8.4/en/encrypted-connection-protocols-ciphers.html">
   * tls_version</a>.
   */
  static final ValueParser<List<String>> TLS_VERSION_LIST =
      new Ranged<>(
          String.join(", ", TLS_VERSIONS) + "; separated by commas, without gaps",
          ValueParsers::tlsVersions);

  private static List<String> tlsVersions(String text) throws InvalidValueException {
    List<Integer> chosen = new ArrayList<>();
    for (String name : split(text, ",")) {
      chosen.add(tlsVersion(name));
    }
    chosen = chosen.stream().distinct().sorted().toList();
    int first = chosen.get(0);
    int last = chosen.get(chosen.size() - 1);
    for (int version = first; version <= last; version++) {
      if (!chosen.contains(version)) {
        throw new InvalidValueException(
            TLS_VERSIONS.get(version) + " is left out between versions that are listed",
            "list it too, or only versions next to each other");
      }
    }
    return List.copyOf(TLS_VERSIONS.subList(first, last + 1));
  }

  private static int tlsVersion(String name) throws InvalidValueException {
    for (int i = 0; i < TLS_VERSIONS.size(); i++) {
      if (TLS_VERSIONS.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    throw new InvalidValueException(
        "'" + name + "' is not a TLS version",
        "list some of " + String.join(", ", TLS_VERSIONS) + ", separated by commas");
  }

  /**
   * OpenSSL names with colons or commas between; whether an engine knows them is not seen here.
   *
   * @param name the shape of one name, which no operator and no group keyword of OpenSSL has
   * @param what what one name stands for: {@code cipher}
   */
  static ValueParser<List<String>> names(String name, String what, String example) {
    Pattern shape = Pattern.compile(name);
    return new Ranged<>(
        "names separated by : or ,",
        text -> {
          List<String> names = split(text, "[:,]");
          for (String each : names) {
            if (!shape.matcher(each).matches()) {
              throw new InvalidValueException(
                  "'" + each + "' is not OpenSSL's name of one " + what,
                  "list names such as "
                      + example
                      + " with ':' between, without keywords such as HIGH and without operators");
            }
          }
          return names.stream().distinct().toList();
        });
  }

  private static List<String> split(String text, String separator) {
    return Arrays.stream(text.split(separator, -1)).map(String::strip).toList();
  }

  /** As mysqld's own version, of at most its SERVER_VERSION_LENGTH. */
  static final ValueParser<String> SERVER_VERSION =
      new Ranged<>(
          "three numbers with dots between, then anything; at most 60 printable ASCII characters",
          text -> {
            if (!SERVER_VERSION_SHAPE.matcher(text).matches()) {
              throw new InvalidValueException(
                  "not a version that drivers can read",
                  "give three numbers with dots between and anything after them, such as"
                      + " 5.6.51-proxied; at most 60 printable ASCII characters");
            }
            return text;
          });

  static ValueParser<Integer> count() {
    ValueParser<Integer> number = number(0, 1_000_000, "not a number of connections");
    return new Ranged<>(number.range() + " connections", number);
  }

  static ValueParser<Integer> port(int least) {
    return number(least, 65535, "not a port");
  }

  static ValueParser<Duration> seconds(int least, int most) {
    ValueParser<Integer> number = number(least, most, "not a number of seconds");
    return new Ranged<>(
        number.range() + " seconds", text -> Duration.ofSeconds(number.parse(text)));
  }

  /**
   * A whole number in plain digits.
   *
   * @param reason what every other text is: {@code not a port}
   */
  public static ValueParser<Integer> number(int least, int most, String reason) {
    String range = least + " to " + most;
    return new Ranged<>(
        range,
        text -> {
          try {
            // parseInt would take a sign and the digits of every script.
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
              int number = Integer.parseInt(text);
              if (number >= least && number <= most) {
                return number;
              }
            }
          } catch (NumberFormatException e) {
            // Empty, or more digits than an int has: no number from least to most either.
          }
          throw new InvalidValueException(reason, "give a whole number from " + range);
        });
  }

  /** The same text or none: the default text of an option without a default is empty. */
  static <T> ValueParser<Optional<T>> optional(ValueParser<T> check) {
    return new Ranged<>(
        check.range(), text -> text.isEmpty() ? Optional.empty() : Optional.of(check.parse(text)));
  }

  /** A host name or an IPv4 address, by its syntax only; nothing is resolved. */
  static boolean isHost(String text) {
    return NUMBERS_AND_DOTS.matcher(text).matches()
        ? IPV4.matcher(text).matches()
        : HOST_NAME.matcher(text).matches();
  }

  /** An IP address of either family. */
  static boolean isAddress(String text) {
    return IPV4.matcher(text).matches() || isIpv6(text);
  }

  static boolean isIpv6(String text) {
    if (!IPV6_LETTERS.matcher(text).matches()) {
      return false;
    }
    try {
      // What holds a colon is parsed as a literal and never looked up.
      InetAddress.getByName(text.replaceFirst("%.*", ""));
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
