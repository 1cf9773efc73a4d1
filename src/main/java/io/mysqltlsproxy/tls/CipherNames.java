package io.mysqltlsproxy.tls;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cipher suites that an engine knows, by OpenSSL's names; and how the names that Java and <a
 * href="https://www.iana.org/assignments/tls-parameters">IANA</a> use become <a
 * href="https://docs.openssl.org/3.0/man1/openssl-ciphers/">OpenSSL's</a>.
 */
final class CipherNames {
  private static final Pattern SUITE = Pattern.compile("(?:TLS|SSL)_(.+)_WITH_(.+)");

  /** Nobody is authenticated or nothing is encrypted: mysqld refuses these too. */
  private static final Pattern WORTHLESS =
      Pattern.compile(".*(_anon_|_NULL_|_EXPORT_|_DES_|_DES40_|_RC4_|_RC2_|PSK|KRB5).*");

  private final Map<String, String> javaNames = new LinkedHashMap<>();

  /** The suites of an engine, without those that give no protection. */
  CipherNames(Collection<String> engineSuites) {
    for (String suite : engineSuites) {
      if (!WORTHLESS.matcher(suite).matches() && !suite.endsWith("_SCSV")) {
        javaNames.put(toOpenSsl(suite), suite);
      }
    }
  }

  /** The engine's name of a suite. */
  Optional<String> toJava(String openSslName) {
    return Optional.ofNullable(javaNames.get(openSslName));
  }

  /** OpenSSL's names of the suites of TLSv1.3, or of all before it. */
  List<String> known(boolean tls13) {
    return javaNames.keySet().stream().filter(name -> isTls13(name) == tls13).toList();
  }

  static boolean isTls13(String name) {
    return name.startsWith("TLS_") && !name.contains("_WITH_");
  }

  /** OpenSSL's name; a name without a counterpart is returned as it is. */
  static String toOpenSsl(String javaName) {
    if (isTls13(javaName)) {
      return javaName;
    }
    Matcher suite = SUITE.matcher(javaName);
    return suite.matches()
        ? keyExchange(suite.group(1)) + cipher(suite.group(1), suite.group(2))
        : javaName;
  }

  private static String keyExchange(String name) {
    boolean export = name.endsWith("_EXPORT");
    String method = export ? name.substring(0, name.length() - "_EXPORT".length()) : name;
    String openSsl =
        switch (method) {
          case "RSA" -> "";
          case "DH_anon" -> "ADH-";
          case "ECDH_anon" -> "AECDH-";
          case "DHE_RSA" -> export ? "EDH-RSA-" : "DHE-RSA-";
          case "DHE_DSS" -> export ? "EDH-DSS-" : "DHE-DSS-";
          default -> method.replace('_', '-') + "-";
        };
    return export ? "EXP-" + openSsl : openSsl;
  }

  private static String cipher(String keyExchange, String name) {
    if (name.startsWith("CHACHA20_POLY1305")) {
      return "CHACHA20-POLY1305";
    }
    // OpenSSL leaves out CBC, except in the suites that came with pre-shared keys.
    String mode = keyExchange.contains("PSK") ? "-CBC-" : "-";
    return name.replaceFirst("^(AES|ARIA|CAMELLIA)_(\\d+)_", "$1$2-")
        .replaceFirst("^3DES_EDE_CBC_", keyExchange.contains("PSK") ? "3DES-EDE-CBC-" : "DES-CBC3-")
        .replaceFirst("^DES40_CBC_", "DES-CBC-")
        .replaceFirst("^RC4_(40|128)_", "RC4-")
        .replaceFirst("^RC2_CBC_40_", "RC2-CBC-")
        .replaceFirst("-CBC_", mode)
        .replace("CCM_8", "CCM8")
        .replace('_', '-');
  }
}
