package io.mysqltlsproxy.sslstatus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SslStatusQueryTest {
  private static final Map<String, String> ROWS =
      new TreeMap<>(
          Map.of("Ssl_cipher", "AES", "Ssl_version", "TLSv1.3", "Uptime", "", "have_ssl", "YES"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          SHOW STATUS                                              | STATUS    | false | Ssl_cipher,Ssl_version,Uptime,have_ssl
          show status like 'Ssl%'                                  | STATUS    | false | Ssl_cipher,Ssl_version
          SHOW SESSION STATUS LIKE 'Ssl_cipher';                   | STATUS    | false | Ssl_cipher
          SHOW  LOCAL  STATUS  LIKE'ssl\\_version' ;               | STATUS    | false | Ssl_version
          SHOW GLOBAL STATUS LIKE 'Ssl_accepts'                    | STATUS    | true  | ~~
          SHOW STATUS LIKE "Ssl_cipher"                            | STATUS    | false | Ssl_cipher
          SHOW STATUS LIKE 'Ssl' '_cipher'                         | STATUS    | false | Ssl_cipher
          SHOW<LF>STATUS<CR><LF><TAB>LIKE<LF>'Ssl_cipher'<LF>;<LF>; | STATUS    | false | Ssl_cipher
          /* who asks */ SHOW STATUS LIKE 'Ssl_cipher'             | STATUS    | false | Ssl_cipher
          SHOW/**/STATUS LIKE /* x' */ 'Ssl_cipher' /* behind */   | STATUS    | false | Ssl_cipher
          -- who asks<LF>SHOW STATUS LIKE 'Ssl_cipher' -- behind   | STATUS    | false | Ssl_cipher
          --<LF>SHOW STATUS LIKE 'Ssl_cipher' --                   | STATUS    | false | Ssl_cipher
          #<LF>SHOW STATUS #'<LF>LIKE 'Ssl_cipher';#               | STATUS    | false | Ssl_cipher
          SHOW /*! SESSION */ STATUS /*!50000 LIKE 'Ssl_cipher' */ | STATUS    | false | Ssl_cipher
          SHOW /*!50002 GLOBAL */ STATUS                           | STATUS    | true  | Ssl_cipher,Ssl_version,Uptime,have_ssl
          SET NAMES 'utf8;'; SHOW STATUS LIKE 'Ssl_cipher'         | STATUS    | false | Ssl_cipher
          SHOW VARIABLES LIKE 'have_ssl'                           | VARIABLES | false | have_ssl
          SHOW GLOBAL VARIABLES LIKE 'have_openssl'                | VARIABLES | true  | ~~
          SELECT @@have_ssl                                        | HAVE_SSL  | false | unknown
          SELECT<LF>@@`have_ssl` "TLS?"                            | HAVE_SSL  | false | unknown
          select @@global.have_openssl as x;                       | HAVE_SSL  | true  | unknown
          """)
  void theFormsThatClientsSendAreRead(
      String notation, SslStatusQuery.Subject subject, boolean global, String names) {
    String sql = notation.replace("<LF>", "\n").replace("<CR>", "\r").replace("<TAB>", "\t");
    SslStatusQuery question = decode(Packets.of(3, sql)).orElseThrow();

    assertEquals(subject, question.subject());
    assertEquals(global, question.global());
    assertEquals(names, wanted(question));
    assertTrue(mayBe(sql), "the relay stops at it");
    for (Object[] attributes :
        new Object[][] {
          {0, 1},
          {1, 1, 0, 1, 0xFE, 0, 1, "n", 5, "value"},
          {2, 1, 1, 1, 6, 0, 0, 8, 0, 2, "id", Packets.hex("0102030405060708")},
          manyAttributes(64)
        }) {
      List<Object> parts = new ArrayList<>(List.of(3));
      parts.addAll(List.of(attributes));
      parts.add(sql);
      ByteBuf query = Packets.of(parts.toArray());
      assertEquals(
          names, wanted(SslStatusQuery.decode(query, true).orElseThrow()), "with attributes");
      assertTrue(new SslStatusFilter(true).mayMatch(query, 0, query.readableBytes()));
    }
  }

  /** So many unnamed ones, all NULL. */
  private static Object[] manyAttributes(int count) {
    List<Object> parts = new ArrayList<>(List.of(count, 1));
    parts.addAll(Collections.nCopies((count + 7) / 8, 0xFF));
    parts.add(1);
    parts.addAll(Collections.nCopies(count, Packets.hex("060000")));
    return parts.toArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          `Variable_name` = 'Ssl_cipher'                                      | Ssl_cipher
          variable_name LIKE '%ssl_ver%'                                      | Ssl_version
          Variable_name IN ('Ssl_cipher',"x")                                 | Ssl_cipher
          Variable_name NOT IN ('Ssl_cipher', 'ssl_version  ')                | Uptime,have_ssl
          Variable_name='Ssl_cipher' OR Variable_name='Uptime'                | Ssl_cipher,Uptime
          Variable_name = 'Ssl_cipher' AND Value <> ''                        | Ssl_cipher
          Variable_name LIKE 'Ssl%' AND NOT Value = 'AES'                     | Ssl_version
          Value != '' AND (Variable_name='Uptime' OR Variable_name='have_ssl') | have_ssl
          Variable_name='Uptime' OR Variable_name='have_ssl' AND Value=''     | Uptime
          (('SSL_CIPHER' = variable_name))                                    | Ssl_cipher
          LOWER(Variable_name) = 'ssl_cipher'                                 | Ssl_cipher
          upper(Variable_name) not like upper('ssl%')                         | unknown
          upper(Variable_name) not like 'SSL%'                                | Uptime,have_ssl
          NOT (Variable_name LIKE 'Ssl%' OR Value = 'YES')                    | Uptime
          Variable_name = 'Ssl\\_cipher'                                      | ~~
          Variable_name REGEXP 'ssl'                                          | unknown
          Variable_name <= 'Ssl_cipher'                                       | unknown
          Variable_name < 'Ssl_cipher'                                        | unknown
          Variable_name <=> 'Ssl_cipher'                                      | unknown
          Variable_name LIKE 'Ssl%' ESCAPE '~'                                | unknown
          Variable_name = 'Ssl_cipher' AND 1                                  | unknown
          Variable_name = CONCAT('Ssl_', 'cipher')                            | unknown
          (Variable_name = 'Ssl_cipher'                                       | unknown
          """)
  void theConditionsThatClientsSendAreRead(String condition, String names) {
    assertEquals(names, wanted(where(condition)));
  }

  @Test
  void aConditionIsReadToALimitedDepth() {
    String name = "Variable_name = 'Uptime'";
    assertEquals("Uptime", wanted(where("(".repeat(32) + name + ")".repeat(32))));
    assertEquals("unknown", wanted(where("(".repeat(400) + name + ")".repeat(400))));
  }

  private static SslStatusQuery where(String condition) {
    return SslStatusQuery.parse("SHOW STATUS WHERE " + condition).orElseThrow();
  }

  /** The names of the rows that it asks for. */
  private static String wanted(SslStatusQuery question) {
    return question
        .condition()
        .map(
            condition ->
                ROWS.entrySet().stream()
                    .filter(row -> condition.holds(row.getKey(), row.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.joining(",")))
        .orElse("unknown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW STATUS LIKE 'Ssl_cipher'; SELECT 1",
        "SHOW STATUS WHERE Variable_name = 'Ssl_cipher'; DROP TABLE t",
        "SHOW STATUS LIKE 'Ssl'_cipher'",
        "SHOW STATUS LIKE 'Ssl_cipher",
        "SHOW STATUS /* LIKE 'Ssl_cipher'",
        "SHOW STATUS /*!80000 LIKE 'Ssl_cipher' */",
        "SHOW STATUS /*M! LIKE 'Ssl_cipher' */",
        "SHOW STATUS --LIKE",
        "SELECT 1; SHOW STATUS LIKE 'Ssl_cipher'",
        "SET x = 1",
        "SHOW TABLE STATUS",
        "SHOW STATUSES",
        "SHOW",
        "",
        "SELECT @@have_ssl, @@version",
        "SELECT @@have_ssl FROM t",
        "SELECT @@version"
      })
  void everythingElseIsLeftAlone(String sql) {
    assertEquals(Optional.empty(), decode(Packets.of(3, sql)), sql);
  }

  @Test
  void attributesThatRunPastTheEndAreLeftToTheServer() {
    assertEquals(Optional.empty(), SslStatusQuery.decode(Packets.of(3, 1, 1, 0, 1, "SHOW"), true));
    assertEquals(Optional.empty(), SslStatusQuery.decode(Packets.of(3, 250, 1, 0, 1), true));
    assertEquals(Optional.empty(), SslStatusQuery.decode(Packets.of(3), true));
  }

  @Test
  void theFirstLettersTellMostQueriesFromThem() {
    assertFalse(mayBe("SELECT c FROM sbtest1 WHERE id=1"));
    assertFalse(mayBe("COMMIT"));
    assertFalse(mayBe("INSERT INTO t VALUES ('SHOW STATUS')"));
    assertFalse(mayBe("SHOW STATUS LIKE '" + "x".repeat(1024) + "'"));
    assertFalse(mayBe("SELECT 1"));
    assertFalse(mayBe("SETTLE"));
    assertTrue(mayBe("show status"));
    assertTrue(mayBe("SELECT @@have_ssl"));
    assertTrue(mayBe(false, 3), "as long as it may still be one");
    assertTrue(mayBe(true, 3, 0));
    assertTrue(mayBe(true, 3, 1, 1));
    assertTrue(mayBe(true, 3, 0, 1, "SHO"));
    assertFalse(mayBe(true, 3, 0, 1, "SHX"));
    assertFalse(mayBe(true, 3, 0, 2, "SHO"));
    assertFalse(mayBe(false, 3, 0, 1, "SHO"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Ssl%          | true
          %             | true
          ssl_cipher    | true
          ssl\\_CIPHER  | true
          %cip%r        | true
          %%er          | true
          Ssl           | false
          %ssl          | false
          Ssl_cipher_   | false
          Ssl\\%cipher  | false
          """)
  void likeMatchesAsInMysql(String pattern, boolean matches) {
    assertEquals(matches, new LikePattern(pattern).matches("Ssl_cipher"), pattern);
  }

  private static boolean mayBe(String sql) {
    ByteBuf query = Packets.of(3, sql);
    return new SslStatusFilter(false).mayMatch(query, 0, query.readableBytes());
  }

  /** By the beginning of a packet of 30 bytes. */
  private static boolean mayBe(boolean queryAttributes, Object... beginning) {
    return new SslStatusFilter(queryAttributes).mayMatch(Packets.of(beginning), 0, 30);
  }

  private static Optional<SslStatusQuery> decode(ByteBuf payload) {
    return SslStatusQuery.decode(payload, false);
  }
}
