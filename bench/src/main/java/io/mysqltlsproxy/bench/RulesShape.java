package io.mysqltlsproxy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** 10,000 rules, and the login that has the longest way through them. */
public enum RulesShape {
  /** A rule for each of 10,000 users. */
  USERS("user9999", i -> "'user" + i + "'@'10.39.%'"),
  /** Nobody's rule: the login has that of --require. */
  OTHER_USERS("laura", i -> "'user" + i + "'@'10.39.%'"),
  /** One user at 10,000 addresses. */
  ADDRESSES("laura", i -> "'laura'@'" + pair("10.39.", i) + "'"),
  /** One user in 10,000 networks of 24 to 28 bits. */
  NETWORKS("laura", i -> "'laura'@'" + network(i) + "'"),
  /** One user at 10,000 hosts that end in %. */
  PREFIXES("laura", i -> "'laura'@'" + pair("10.", i) + ".%'"),
  /** One user at 10,000 hosts that begin with %. */
  SUFFIXES("laura", i -> "'laura'@'%." + pair("", i) + "'"),
  /** One user at 10,000 hosts that have a % on both sides. */
  INFIXES("laura", i -> "'laura'@'%" + pair("", i) + "%'"),
  /** One user at 10,000 hosts with _ and % mixed. */
  MIXED("laura", i -> "'laura'@'1_." + i % 100 / 10 + "%" + i % 10 + ".%" + i / 100 + "_'");

  private static final int COUNT = 10_000;

  /** Where the login comes from. */
  static final String ADDRESS = "10.39.39.15";

  private final String user;
  private final IntFunction<String> account;

  RulesShape(String user, IntFunction<String> account) {
    this.user = user;
    this.account = account;
  }

  String user() {
    return user;
  }

  /** Writes the rules, each with the same clause. */
  Path write(String require) {
    try {
      Path file = Files.createTempFile("rules", ".sql");
      file.toFile().deleteOnExit();
      return Files.writeString(
          file,
          IntStream.range(0, COUNT)
              .mapToObj(i -> "GRANT USAGE ON *.* TO " + account.apply(i) + " REQUIRE " + require)
              .collect(Collectors.joining(";\n", "", ";\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pair(String prefix, int i) {
    return prefix + i / 250 + "." + i % 250;
  }

  private static String network(int i) {
    return pair("10.", i) + ".0/" + (24 + i % 5);
  }
}
