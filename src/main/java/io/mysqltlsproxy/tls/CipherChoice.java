package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.util.ArrayList;
import java.util.List;

/**
 * The cipher suites that the options choose, by the engine's names, preferred first.
 *
 * @param beforeTls13 of {@code ssl-cipher}
 * @param tls13 of {@code tls-ciphersuites}
 */
record CipherChoice(List<String> beforeTls13, List<String> tls13) {
  private static final List<String> OLD_VERSIONS = List.of("TLSv1", "TLSv1.1");

  CipherChoice {
    beforeTls13 = List.copyOf(beforeTls13);
    tls13 = List.copyOf(tls13);
  }

  /**
   * Looks the names up; one that the engine does not know is an error, and so is a version for
   * which there is no name at all.
   */
  static CipherChoice of(OptionValues values, CipherNames known) throws OptionException {
    checkOldVersions(values);
    return new CipherChoice(
        lookUp(values, Options.SSL_CIPHER, known, false),
        lookUp(values, Options.TLS_CIPHERSUITES, known, true));
  }

  /** Before TLSv1.2 there are only ciphers with SHA-1, which the default list does not have. */
  private static void checkOldVersions(OptionValues values) throws OptionException {
    boolean old = values.get(Options.TLS_VERSION).stream().anyMatch(OLD_VERSIONS::contains);
    if (old && values.get(Options.SSL_CIPHER).stream().noneMatch(name -> name.endsWith("-SHA"))) {
      throw values.wrong(
          Options.TLS_VERSION,
          "none of --ssl-cipher works before TLSv1.2",
          "add to --ssl-cipher, for example, ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA");
    }
  }

  List<String> all() {
    List<String> all = new ArrayList<>(tls13);
    all.addAll(beforeTls13);
    return all;
  }

  private static List<String> lookUp(
      OptionValues values, Option<List<String>> option, CipherNames known, boolean tls13)
      throws OptionException {
    List<String> names = known.known(tls13);
    List<String> chosen = new ArrayList<>();
    for (String name : values.get(option)) {
      if (!names.contains(name)) {
        throw values.wrong(
            option, "this TLS engine has no cipher " + name, "it has " + String.join(":", names));
      }
      chosen.add(known.toJava(name).orElseThrow());
    }
    return chosen;
  }
}
