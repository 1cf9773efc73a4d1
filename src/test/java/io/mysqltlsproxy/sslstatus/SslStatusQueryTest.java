package io.mysqltlsproxy.sslstatus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SslStatusQueryTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          SHOW STATUS                                             | STATUS    | false | %
          show status like 'Ssl%'                                 | STATUS    | false | Ssl%
          SHOW SESSION STATUS LIKE 'Ssl_cipher';                  | STATUS    | false | Ssl_cipher
          SHOW  LOCAL  STATUS  LIKE'ssl\\_version' ;              | STATUS    | false | ssl\\_version
          SHOW GLOBAL STATUS LIKE 'Ssl_accepts'                   | STATUS    | true  | Ssl_accepts
          SHOW STATUS WHERE `Variable_name` = 'Ssl_cipher'        | STATUS    | false | Ssl\\_cipher
          SHOW STATUS WHERE variable_name LIKE '%ssl_ver%'        | STATUS    | false | %ssl_ver%
          SHOW STATUS WHERE Variable_name IN ('Ssl_cipher')       | STATUS    | false | ~~
          SHOW VARIABLES LIKE 'have_ssl'                          | VARIABLES | false | have_ssl
          SHOW GLOBAL VARIABLES LIKE 'have_openssl'               | VARIABLES | true  | have_openssl
          SELECT @@have_ssl                                       | HAVE_SSL  | false | ~~
          select @@global.have_openssl as x;                      | HAVE_SSL  | false | ~~
          """)
  void theFormsThatClientsSendAreRead(
      String sql, SslStatusQuery.Kind kind, boolean global, String names) {
    SslStatusQuery question = decode(Packets.of(3, sql)).orElseThrow();

    assertEquals(kind, question.kind());
    assertEquals(global, question.global());
    assertEquals(names, question.names().orElse(""));
    assertEquals(Optional.of(question), decode(Packets.of(3, 0, 1, sql)), "with query attributes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW STATUS LIKE 'Ssl_cipher'; SELECT 1",
        "SHOW STATUS WHERE Variable_name = 'Ssl_cipher'; DROP TABLE t",
        "SHOW STATUS LIKE 'Ssl'_cipher'",
        "SHOW STATUS LIKE \"Ssl_cipher\"",
        "SHOW TABLE STATUS",
        "SHOW STATUSES",
        "SHOW",
        "SELECT @@have_ssl, @@version",
        "SELECT @@have_ssl FROM t",
        "SELECT @@version"
      })
  void everythingElseIsLeftAlone(String sql) {
    assertEquals(Optional.empty(), decode(Packets.of(3, sql)), sql);
  }

  @Test
  void aQueryWithAttributesIsLeftAlone() {
    assertEquals(
        Optional.empty(), decode(Packets.of(3, 1, 1, 0, 1, "SHOW STATUS LIKE 'Ssl_cipher'")));
  }

  @Test
  void theFirstLettersTellMostQueriesFromThem() {
    assertFalse(mayBe("SELECT c FROM sbtest1 WHERE id=1"));
    assertFalse(mayBe("COMMIT"));
    assertFalse(mayBe("INSERT INTO t VALUES ('SHOW STATUS')"));
    assertFalse(mayBe("SHOW STATUS LIKE '" + "x".repeat(256) + "'"));
    assertTrue(mayBe("show status"));
    assertTrue(mayBe("SELECT @@have_ssl"));
    assertTrue(
        SslStatusQuery.FILTER.mayMatch(Packets.of(3), 0, 30), "as long as it may still be one");
    assertTrue(SslStatusQuery.FILTER.mayMatch(Packets.of(3, 0), 0, 30));
    assertTrue(SslStatusQuery.FILTER.mayMatch(Packets.of(3, 0, 1, "SHO"), 0, 30));
    assertFalse(SslStatusQuery.FILTER.mayMatch(Packets.of(3, 0, 1, "SHX"), 0, 30));
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
    return SslStatusQuery.FILTER.mayMatch(query, 0, query.readableBytes());
  }

  private static Optional<SslStatusQuery> decode(ByteBuf payload) {
    return SslStatusQuery.decode(payload);
  }
}
