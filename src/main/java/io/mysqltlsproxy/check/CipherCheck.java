package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which ciphers a handshake can end with: a cipher before TLSv1.3 also names the kind of the
 * server's key.
 */
final class CipherCheck {
  private static final String TLS13 = "TLSv1.3";
  private static final Set<String> BEFORE_TLS12 = Set.of("TLSv1", "TLSv1.1");

  private CipherCheck() {}

  /**
   * By version, the newest first.
   *
   * @param keyAlgorithm of the server's certificate: RSA, EC, EdDSA; empty where it is not known
   */
  static Map<String, List<String>> usable(OptionValues values, Optional<String> keyAlgorithm) {
    List<String> versions = values.get(Options.TLS_VERSION);
    Map<String, List<String>> usable = new LinkedHashMap<>();
    for (int i = versions.size() - 1; i >= 0; i--) {
      usable.put(versions.get(i), usable(values, versions.get(i), keyAlgorithm));
    }
    return usable;
  }

  private static List<String> usable(
      OptionValues values, String version, Optional<String> keyAlgorithm) {
    if (version.equals(TLS13)) {
      return values.get(Options.TLS_CIPHERSUITES);
    }
    return values.get(Options.SSL_CIPHER).stream()
        .filter(cipher -> keyAlgorithm.isEmpty() || isFor(cipher, keyAlgorithm.get()))
        .filter(cipher -> !BEFORE_TLS12.contains(version) || cipher.endsWith("-SHA"))
        .toList();
  }

  private static boolean isFor(String cipher, String keyAlgorithm) {
    return cipher.contains("ECDSA-") != keyAlgorithm.equals("RSA");
  }

  static void run(OptionValues values, Optional<String> keyAlgorithm, Findings findings) {
    List<String> without = new ArrayList<>();
    List<String> with = new ArrayList<>();
    usable(values, keyAlgorithm)
        .forEach((version, ciphers) -> (ciphers.isEmpty() ? without : with).add(version));
    String key = keyAlgorithm.map(name -> "a key for " + name).orElse("this key");
    String hint = "add one to --ssl-cipher: " + example(without, keyAlgorithm.orElse(""));
    if (with.isEmpty()) {
      findings.wrong(
          Item.CIPHERS,
          "nobody can log in: no cipher of --ssl-cipher is for "
              + key
              + " and "
              + String.join(", ", without),
          hint + "; or allow TLSv1.3 with --tls-version");
    } else if (!without.isEmpty()) {
      findings.warning(
          Item.CIPHERS,
          "no client can use "
              + String.join(", ", without)
              + ": no cipher of --ssl-cipher is for it and "
              + key,
          hint + "; or remove it from --tls-version");
    } else {
      findings.ok(Item.CIPHERS, "there are ciphers for " + String.join(", ", with) + " and " + key);
    }
  }

  private static String example(List<String> versions, String keyAlgorithm) {
    String name = keyAlgorithm.equals("RSA") ? "ECDHE-RSA-AES128" : "ECDHE-ECDSA-AES128";
    return versions.stream().anyMatch(BEFORE_TLS12::contains)
        ? name + "-SHA"
        : name + "-GCM-SHA256";
  }
}
