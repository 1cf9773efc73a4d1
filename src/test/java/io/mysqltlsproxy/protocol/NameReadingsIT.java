package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.Mysql56;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.TestServer;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real servers are asked how they read names, for each collation and the bytes that matter: each
 * reading must be among those that the rules are asked about, or the name must be refused.
 */
class NameReadingsIT {
  private static final int MAX_COLLATION = 2700;

  /** One character for each byte, and at most 16. */
  private static final List<String> NAMES =
      List.of(
          "aZ09_-.,: $#!%&*",
          "()+/;<=>?\"'",
          "@[\\]^`{|}~\u007f\u0001",
          "@0072uled",
          "j\u00c3\u00bcrgen",
          "j\u00fcrgen",
          "\u00c3\u0081\u00c3\u008d\u00e2\u0082\u00ac",
          "\u0080\u0081\u008d\u008f\u0090\u009d\u009f\u00a0",
          "\u0081\\\u0095\\x",
          "a\u00f0\u009f\u0098\u0080b",
          "\u00ed\u00a0\u0080",
          "\u00c0\u00af\u00ef\u00bf\u00be");

  private interface Starter {
    TestServer start(String... options) throws IOException;
  }

  private record Kind(String name, Optional<String> unavailable, Starter starter, String host) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Kind> kinds() {
    MariaDb mariaDb = MariaDb.MARIADB_10_11;
    return Stream.of(
        new Kind("MySQL 5.5.9", Mysql55.unavailable(), Mysql55::start, "localhost"),
        new Kind("MySQL 5.6.24", Mysql56.unavailable(), Mysql56::start, "localhost"),
        new Kind("MariaDB 10.11", mariaDb.unavailable(), mariaDb::start, "localhost"),
        container(Container.MARIADB_11_8),
        container(Container.MYSQL_9_7));
  }

  private static Stream<Kind> kindsThatCanIgnoreTheClient() {
    return kinds().filter(kind -> !kind.name.startsWith("MySQL 9"));
  }

  private static Kind container(Container image) {
    return new Kind(image.toString(), image.unavailable(), image::start, "%");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noServerReadsANameThatTheRulesAreNotAskedAbout(Kind kind) throws Exception {
    assertReadings(kind);
  }

  /** What the client says about its character set then counts for nothing; MySQL 9 lacks that. */
  @ParameterizedTest
  @MethodSource("kindsThatCanIgnoreTheClient")
  void norDoesOneThatIgnoresTheClientsCharacterSet(Kind kind) throws Exception {
    for (String charset : List.of("utf8mb4", "swe7", "latin1")) {
      assertReadings(
          kind, "--skip-character-set-client-handshake", "--character-set-server=" + charset);
    }
  }

  private static void assertReadings(Kind kind, String... options) throws Exception {
    kind.unavailable.ifPresent(Assumptions::abort);
    try (TestServer server = kind.starter.start(options)) {
      Await.until(() -> answers(server));
      if (server.sql("SELECT 1 FROM mysql.user WHERE user = ''").isEmpty()) {
        server.sql("CREATE USER ''@'" + kind.host + "'", "FLUSH PRIVILEGES");
      }
      List<String> wrong = new ArrayList<>();
      int read = 0;
      try (AccountReader reader = AccountReader.of(server)) {
        HandshakeV10 greeting = greeting(server);
        for (int collation : collations(options.length > 0)) {
          for (String name : NAMES) {
            byte[] bytes = name.getBytes(ISO_8859_1);
            Set<String> known = known(greeting, bytes, collation);
            if (known.isEmpty()) {
              continue;
            }
            read++;
            String byServer = reader.byChange(bytes, collation);
            if (!known.contains(byServer)) {
              wrong.add(collation + ": " + byServer + " instead of " + known);
            }
            boolean oneByte = collation >= 0 && collation <= 0xFF;
            if (oneByte && (read % 8 == 0) && !known.contains(reader.byLogin(bytes, collation))) {
              wrong.add("at login, " + collation + ": instead of " + known);
            }
          }
        }
      }
      assertEquals(List.of(), wrong);
      assertTrue(read > 20, "only " + read + " names were accepted");
    }
  }

  /** A container's server is restarted once, when it has made its data. */
  private static boolean answers(TestServer server) {
    try {
      return !server.sql("SELECT 1").isEmpty();
    } catch (AssertionError notYet) {
      return false;
    }
  }

  private static List<Integer> collations(boolean few) {
    return few
        ? List.of(1, 5, 8, 11, 28, 33, 45, 63, 87, 192, 224, 240, 255, 309, 576, 1032, 2304, -1)
        : IntStream.rangeClosed(-1, MAX_COLLATION).boxed().toList();
  }

  private static Set<String> known(HandshakeV10 greeting, byte[] name, int collation) {
    try {
      return greeting.readings(
          CharacterSets.decode(collation, name)
              .orElseThrow(() -> new UnsupportedLoginException("not decoded")),
          collation);
    } catch (UnsupportedLoginException refused) {
      return Set.of();
    }
  }

  private static HandshakeV10 greeting(TestServer server) throws Exception {
    try (RawClient client = RawClient.connect(server.address())) {
      return HandshakeV10.decode(Unpooled.wrappedBuffer(client.read().payload()));
    }
  }
}
