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
  CipherChoice {
    beforeTls13 = List.copyOf(beforeTls13);
    tls13 = List.copyOf(tls13);
  }

  /** Looks the names up; one that the engine does not know is an error. */
  static CipherChoice of(OptionValues values, CipherNames known) throws OptionException {
    return new CipherChoice(
        lookUp(values, Options.SSL_CIPHER, known, false),
        lookUp(values, Options.TLS_CIPHERSUITES, known, true));
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
