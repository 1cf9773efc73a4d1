package io.mysqltlsproxy.account.grammar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mysqltlsproxy.account.Rule;
import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.Statement;
import io.mysqltlsproxy.account.StoredHash;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules keep of {@code IDENTIFIED}, as servers print it. */
class StoredHashesTest {
  private static final String NATIVE = "94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29";
  private static final String ED25519 = "ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY";
  private static final String PARSEC =
      "P0:lhXyNv1cIxpB8EnTxR7ON7S7:1l3rWRW1/jw45yrvYXB8eh02wzk7lcJcz4CMcWw2b+8";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT USAGE ON *.* TO 'u'@'%' IDENTIFIED BY PASSWORD '*HASH'",
        "GRANT USAGE ON *.* TO 'u'@'%' IDENTIFIED BY PASSWORD '*HASH' REQUIRE SSL",
        "CREATE USER `u`@`%` IDENTIFIED BY PASSWORD '*HASH'",
        "CREATE USER 'u'@'%' IDENTIFIED WITH 'mysql_native_password' AS '*HASH' REQUIRE NONE",
        "CREATE USER `u`@`%` IDENTIFIED WITH mysql_native_password AS '*HASH' PASSWORD EXPIRE",
        "CREATE USER `u`@`%` IDENTIFIED VIA mysql_native_password USING '*HASH'",
        "CREATE USER u IDENTIFIED VIA unix_socket OR mysql_native_password USING '*HASH'",
        "ALTER USER u IDENTIFIED WITH mysql_native_password AS '*HASH' RETAIN CURRENT PASSWORD",
        "CREATE USER u; GRANT SELECT ON *.* TO u IDENTIFIED BY PASSWORD '*HASH'",
        "CREATE USER u IDENTIFIED BY PASSWORD '*HASH'; GRANT SELECT ON *.* TO u",
        "CREATE USER u IDENTIFIED BY PASSWORD '*HASH'; ALTER USER u REQUIRE SSL",
        "CREATE USER u IDENTIFIED BY 'clear'; ALTER USER u IDENTIFIED BY PASSWORD '*HASH'",
        "CREATE USER u IDENTIFIED BY PASSWORD '*HASH';"
            + " CREATE USER IF NOT EXISTS u IDENTIFIED BY 'x'",
        "CREATE USER u IDENTIFIED BY PASSWORD '*HASH';"
            + " ALTER USER u ADD 2 FACTOR IDENTIFIED WITH p BY 'x'",
      })
  void theNativeHashIsKeptFromEveryFormOfItsClause(String text) throws Exception {
    StoredHash hash = one(text.replace("HASH", NATIVE), "mysql_native_password");

    assertEquals(StoredHash.Plugin.NATIVE, hash.plugin());
    assertEquals(NATIVE, HexFormat.of().withUpperCase().formatHex(hash.bytes()));
  }

  @Test
  void aHashInHexadecimalIsKept() throws Exception {
    String hex = HexFormat.of().formatHex(("*" + NATIVE).getBytes(US_ASCII));
    String text = "CREATE USER u IDENTIFIED WITH 'mysql_native_password' AS 0x" + hex;

    assertEquals(20, one(text, "mysql_native_password").bytes().length);
  }

  @Test
  void theHashOfEachOfSeveralPluginsIsKept() throws Exception {
    String text =
        "CREATE USER u IDENTIFIED VIA parsec USING '%s' OR ed25519 USING '%s'"
            .formatted(PARSEC, ED25519);

    assertEquals(52, one(text, "parsec").bytes().length);
    assertEquals('P', one(text, "parsec").bytes()[0]);
    assertEquals(0, one(text, "parsec").bytes()[1]);
    assertEquals(32, one(text, "client_ed25519").bytes().length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE USER u",
        "CREATE USER u IDENTIFIED BY 'clear'",
        "CREATE USER u IDENTIFIED BY PASSWORD '6f8c114b58f2ce9e'",
        "GRANT USAGE ON *.* TO u IDENTIFIED BY PASSWORD '<secret>'",
        "GRANT USAGE ON *.* TO u IDENTIFIED BY PASSWORD <secret>",
        "CREATE USER u IDENTIFIED VIA mysql_native_password USING 'invalid'",
        "CREATE USER u IDENTIFIED VIA mysql_native_password USING PASSWORD('clear')",
        "CREATE USER u IDENTIFIED WITH caching_sha2_password AS '*HASH'",
        "CREATE USER u IDENTIFIED VIA ed25519 USING 'short'",
        "CREATE USER u IDENTIFIED VIA parsec USING 'P4:lhXyNv1cIxpB8EnTxR7ON7S7:HASH'",
        "CREATE USER u IDENTIFIED BY PASSWORD '*HASH'; ALTER USER u IDENTIFIED BY 'clear'",
      })
  void whatIsNoHashIsNotKept(String text) throws Exception {
    assertEquals(List.of(), rule(text.replace("HASH", NATIVE)).hashes().hashes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CREATE USER u IDENTIFIED BY PASSWORD '*HASH' nonsense
          CREATE USER u IDENTIFIED BY PASSWORD *HASH
          CREATE USER u IDENTIFIED BY PASSWORD HASH
          CREATE USER u IDENTIFIED WITH p '*HASH'
          CREATE USER u IDENTIFIED WITH p 0xHASH
          CREATE USER u IDENTIFIED WITH p AS 0xHASH 0xHASH
          """)
  void noMessageShowsAHash(String text) {
    RulesException e =
        assertThrows(RulesException.class, () -> rule(text.replace("HASH", NATIVE)), text);

    assertFalse(String.valueOf(e.getMessage()).contains(NATIVE), e.getMessage());
  }

  @Test
  void nothingThatIsPrintedShowsAHash() throws Exception {
    String text = "CREATE USER u IDENTIFIED BY PASSWORD '*" + NATIVE + "'";
    Rule rule = rule(text);
    List<Statement> statements = StatementParser.parse("rules", text);

    for (Object each : List.of(rule, rule.hashes(), statements)) {
      assertFalse(each.toString().contains(NATIVE), each.toString());
    }
  }

  private static StoredHash one(String text, String clientPlugin) throws RulesException {
    return rule(text).hashes().of(clientPlugin).findFirst().orElseThrow();
  }

  private static Rule rule(String text) throws RulesException {
    return RulesFile.parse("rules", text).all().get(0);
  }
}
