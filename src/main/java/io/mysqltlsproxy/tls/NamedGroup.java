package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A group of the key exchange (<a href="https://www.rfc-editor.org/rfc/rfc8446#section-4.2.7">RFC
 * 8446, section 4.2.7</a>).
 */
enum NamedGroup {
  X25519MLKEM768("X25519MLKEM768", "X25519MLKEM768", "", true, 27),
  X25519("X25519", "x25519", "", true, 17),
  P256("prime256v1", "secp256r1", "P-256", true, 17),
  P384("secp384r1", "secp384r1", "P-384", true, 17),
  P521("secp521r1", "secp521r1", "P-521", true, 17),
  X448("X448", "x448", "", false, 17),
  FFDHE2048("ffdhe2048", "ffdhe2048", "", false, 17),
  FFDHE3072("ffdhe3072", "ffdhe3072", "", false, 17),
  FFDHE4096("ffdhe4096", "ffdhe4096", "", false, 17);

  private static final Map<String, NamedGroup> BY_NAME =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    for (NamedGroup group : values()) {
      for (String name : List.of(group.openSslName, group.ianaName, group.nistName)) {
        if (!name.isEmpty()) {
          BY_NAME.put(name, group);
        }
      }
    }
  }

  private final String openSslName;
  private final String ianaName;
  private final String nistName;
  private final boolean inBoringSsl;
  private final int sinceJdk;

  NamedGroup(
      String openSslName, String ianaName, String nistName, boolean inBoringSsl, int sinceJdk) {
    this.openSslName = openSslName;
    this.ianaName = ianaName;
    this.nistName = nistName;
    this.inBoringSsl = inBoringSsl;
    this.sinceJdk = sinceJdk;
  }

  /** IANA's name, which the JDK, and Netty for BoringSSL, take. */
  String ianaName() {
    return ianaName;
  }

  boolean inBoringSsl() {
    return inBoringSsl;
  }

  boolean inThisJdk() {
    return Runtime.version().feature() >= sinceJdk;
  }

  /** The groups of {@code tls-groups}, preferred first; a name that nobody knows is an error. */
  static List<NamedGroup> of(OptionValues values) throws OptionException {
    List<NamedGroup> groups = new ArrayList<>();
    for (String name : values.get(Options.TLS_GROUPS)) {
      NamedGroup group =
          find(name)
              .orElseThrow(
                  () ->
                      values.wrong(
                          Options.TLS_GROUPS,
                          "no group " + name,
                          "choose of " + list(Arrays.asList(values()))));
      if (!groups.contains(group)) {
        groups.add(group);
      }
    }
    return groups;
  }

  /** The names of groups as the option takes them. */
  static String list(List<NamedGroup> groups) {
    return groups.stream().map(group -> group.openSslName).collect(Collectors.joining(":"));
  }

  /** The name that the option documents, of a group that a library names in its own way. */
  static String openSslName(String name) {
    return find(name).map(group -> group.openSslName).orElse(name);
  }

  private static Optional<NamedGroup> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
