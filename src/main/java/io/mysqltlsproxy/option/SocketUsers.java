package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * Who may connect to a Unix socket. Names are looked up in {@code /etc/passwd} and {@code
 * /etc/group} when the option is read; root and the user of this process may always.
 *
 * @param everyone whether nobody is asked
 * @param uids numbers of users, unsigned
 * @param gids numbers of groups, unsigned
 */
public record SocketUsers(boolean everyone, Set<Integer> uids, Set<Integer> gids) {
  /** Nobody is asked. */
  public static final SocketUsers EVERYONE = new SocketUsers(true, Set.of(), Set.of());

  private static final Path PASSWD = Path.of("/etc/passwd");
  private static final Path GROUP = Path.of("/etc/group");
  private static final String ALL = "*";
  private static final String GROUP_SIGN = "@";
  private static final int ROOT = 0;

  public SocketUsers {
    uids = Set.copyOf(uids);
    gids = Set.copyOf(gids);
  }

  /** Parses names and numbers separated by commas, of groups with an @ before them. */
  static SocketUsers parse(String text) throws InvalidValueException {
    if (text.strip().equals(ALL)) {
      return EVERYONE;
    }
    Set<Integer> uids = new HashSet<>(Set.of(ROOT));
    ProcessUser.number().filter(ProcessUser::isOwn).ifPresent(uids::add);
    Set<Integer> gids = new HashSet<>();
    if (!text.isBlank()) {
      for (String each : text.split(",", -1)) {
        String name = each.strip();
        if (name.startsWith(GROUP_SIGN)) {
          gids.add(number(name.substring(1), GROUP, "group", "getent group "));
        } else {
          uids.add(number(name, PASSWD, "user", "id -u "));
        }
      }
    }
    return new SocketUsers(false, uids, gids);
  }

  /**
   * Whether a process may connect.
   *
   * @param user its effective user
   * @param groups all of its groups
   */
  public boolean admits(int user, Set<Integer> groups) {
    return everyone || uids.contains(user) || !Collections.disjoint(gids, groups);
  }

  private static int number(String name, Path file, String kind, String command)
      throws InvalidValueException {
    if (name.isBlank()) {
      throw new InvalidValueException("an empty name", "give names or numbers: www-data,@dba");
    }
    try {
      return isNumber(name) ? Integer.parseUnsignedInt(name) : lookUp(name, file, kind, command);
    } catch (NumberFormatException e) {
      throw new InvalidValueException(
          name + " is too large for a " + kind + " ID", "give a smaller number");
    }
  }

  /** The number of the line {@code name:password:number:...}. */
  private static int lookUp(String name, Path file, String kind, String command)
      throws InvalidValueException {
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split(":", -1);
        if (fields.length > 2 && fields[0].equals(name) && isNumber(fields[2])) {
          return Integer.parseUnsignedInt(fields[2]);
        }
      }
    } catch (IOException e) {
      throw new InvalidValueException(
          file + " cannot be read", "give the " + kind + "'s number instead of " + name);
    }
    throw new InvalidValueException(
        "no " + kind + " " + name + " in " + file,
        "give the number, which " + command + name + " prints");
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]+");
  }
}
