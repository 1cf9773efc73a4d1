package io.mysqltlsproxy.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.protocol.CharacterSets.Family;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which collations a login or a change of user may have: {@code SHOW COLLATION} tells. */
class ServerCollationsIT {
  private static final int MAX_COLLATION = 5000;

  /** utf8mb3_tolower_ci, which no client has. */
  private static final int TO_LOWER = 76;

  private static Stream<Named<Supplier<TestServer>>> servers() {
    return Stream.of(
        Named.of("MySQL 5.5.9", Servers::mysql55),
        Named.of("MySQL 5.6.24", Servers::mysql56),
        Named.of("MySQL 9.7", () -> Servers.container(Container.MYSQL_9_7)),
        Named.of("MariaDB 10.2", () -> Servers.mariaDb(MariaDb.MARIADB_10_2)),
        Named.of("MariaDB 10.11", () -> Servers.mariaDb(MariaDb.MARIADB_10_11)),
        Named.of("MariaDB 11.4", () -> Servers.mariaDb(MariaDb.MARIADB_11_4)),
        Named.of("MariaDB 11.8", () -> Servers.container(Container.MARIADB_11_8)));
  }

  /** Ids of one byte are left to the server: clients newer than it send them at the login. */
  @ParameterizedTest
  @MethodSource("servers")
  void thoseThatTheServerHasPassAndLargeOnesThatItLacksDoNot(Supplier<TestServer> one)
      throws Exception {
    TestServer server = one.get();
    HandshakeV10 greeting = greeting(server);
    Map<Integer, String> known = collations(server);
    List<String> wrong = new ArrayList<>();
    for (int id = 1; id <= MAX_COLLATION; id++) {
      String charset = known.getOrDefault(id, "none");
      boolean isKnown = known.containsKey(id);
      Family family = CharacterSets.family(id);
      boolean passes = passes(greeting, "laura", id);
      if (passes != (family != Family.UNLIKE_ASCII && (id <= 0xFF || isKnown))) {
        wrong.add(id + " of " + charset + (passes ? " passes" : " is refused"));
      }
      if (family == Family.UTF8 && passes(greeting, "j\u00fcrgen", id) != isKnown) {
        wrong.add(id + " of " + charset + " for other letters");
      }
      if (isKnown && (family == Family.UTF8) != (charset.startsWith("utf8") && id != TO_LOWER)) {
        wrong.add(id + " of " + charset + " is " + family);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(known.size() > 100, () -> known.size() + " collations");
  }

  /** Their character sets, by their ids. */
  private static Map<Integer, String> collations(TestServer server) {
    boolean byCharset =
        !server
            .sql(
                "SELECT 1 FROM information_schema.columns WHERE column_name = 'ID' AND table_name ="
                    + " 'COLLATION_CHARACTER_SET_APPLICABILITY'")
            .isEmpty();
    String table = byCharset ? "collation_character_set_applicability" : "collations";
    Map<Integer, String> known = new TreeMap<>();
    server
        .sql("SELECT id, character_set_name FROM information_schema." + table)
        .forEach(row -> known.put(Integer.valueOf(row.get(0)), row.get(1)));
    return known;
  }

  private static boolean passes(HandshakeV10 greeting, String name, int collation) {
    Optional<String> read =
        CharacterSets.decode(
            collation, CharacterSets.encode(CharacterSets.family(collation), name));
    try {
      return read.isPresent() && !greeting.readings(read.get(), collation).isEmpty();
    } catch (UnsupportedLoginException refused) {
      return false;
    }
  }

  private static HandshakeV10 greeting(TestServer server) throws Exception {
    try (RawClient client = RawClient.connect(server.address())) {
      return HandshakeV10.decode(Unpooled.wrappedBuffer(client.read().payload()));
    }
  }
}
