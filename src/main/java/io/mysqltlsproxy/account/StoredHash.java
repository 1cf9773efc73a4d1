package io.mysqltlsproxy.account;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a server stores of a password, and a client that knows the password can compute.
 *
 * <p>It is as secret as the password of a weak one: {@link #toString} does not show it.
 */
public final class StoredHash {

  /** Authentication plugins whose stored hash a client computes too. */
  public enum Plugin {
    /** SHA1(SHA1(password)), 20 bytes; written as {@code *} and 40 hexadecimal digits. */
    NATIVE("mysql_native_password", "mysql_native_password") {
      @Override
      Optional<byte[]> decode(String text) {
        return text.matches("\\*[0-9A-Fa-f]{40}")
            ? Optional.of(HexFormat.of().parseHex(text, 1, text.length()))
            : Optional.empty();
      }
    },

    /** MariaDB's ed25519: the public key, 32 bytes; written as 43 digits of base64. */
    ED25519("ed25519", "client_ed25519") {
      @Override
      Optional<byte[]> decode(String text) {
        return base64(text, PUBLIC_KEY_LENGTH);
      }
    },

    /**
     * MariaDB's parsec: {@code P}, the factor of iterations as a byte, 18 bytes of salt, the public
     * key, 32 bytes; written as {@code P0:SALT:KEY}, both in base64 without padding.
     */
    PARSEC("parsec", "parsec") {
      @Override
      Optional<byte[]> decode(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3 || !parts[0].matches("P[0-3]")) {
          return Optional.empty();
        }
        byte[] head = {'P', (byte) (parts[0].charAt(1) - '0')};
        return base64(parts[1], SALT_LENGTH)
            .flatMap(
                salt -> base64(parts[2], PUBLIC_KEY_LENGTH).map(key -> joined(head, salt, key)));
      }
    };

    private static final int PUBLIC_KEY_LENGTH = 32;
    private static final int SALT_LENGTH = 18;

    private final String serverName;
    private final String clientName;

    Plugin(String serverName, String clientName) {
      this.serverName = serverName;
      this.clientName = clientName;
    }

    abstract Optional<byte[]> decode(String text);

    private static Optional<byte[]> base64(String text, int length) {
      try {
        byte[] bytes = Base64.getDecoder().decode(text);
        return bytes.length == length ? Optional.of(bytes) : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private static byte[] joined(byte[] head, byte[] salt, byte[] key) {
      byte[] all = Arrays.copyOf(head, head.length + salt.length + key.length);
      System.arraycopy(salt, 0, all, head.length, salt.length);
      System.arraycopy(key, 0, all, head.length + salt.length, key.length);
      return all;
    }
  }

  private final Plugin plugin;
  private final byte[] bytes;

  private StoredHash(Plugin plugin, byte[] bytes) {
    this.plugin = plugin;
    this.bytes = bytes;
  }

  /**
   * Reads one as SHOW GRANTS or SHOW CREATE USER prints it.
   *
   * @param plugin the name of the plugin in the server, in any case
   * @return empty for every other plugin, and for what is no hash of this one, such as {@code
   *     invalid}
   */
  public static Optional<StoredHash> parse(String plugin, String text) {
    return Arrays.stream(Plugin.values())
        .filter(known -> known.serverName.equalsIgnoreCase(plugin))
        .findFirst()
        .flatMap(known -> known.decode(text).map(bytes -> new StoredHash(known, bytes)));
  }

  /** Whether it is for the plugin that has this name in packets. */
  boolean isFor(String clientPlugin) {
    return plugin.clientName.equals(clientPlugin);
  }

  public Plugin plugin() {
    return plugin;
  }

  /** A copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredHash hash
        && plugin == hash.plugin
        && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return plugin + " REDACTED";
  }
}
