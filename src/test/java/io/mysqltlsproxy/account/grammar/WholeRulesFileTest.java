package io.mysqltlsproxy.account.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that has lost its rules, or its end, is an error, at the start as at a reload. */
class WholeRulesFileTest {
  private static final String RULES =
      """
      -- who may log in
      ALTER USER 'laura'@'%' REQUIRE SUBJECT '/CN=laura' AND ISSUER '/CN=CA';
      CREATE USER app REQUIRE X509 ACCOUNT LOCK;
      GRANT SELECT ON shop.* TO 'monica'@'10.0.%' REQUIRE SAN 'DNS:a' OR SAN 'DNS:b'; # the last
      """;

  private final Path dir;

  WholeRulesFileTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "\uFEFF",
        "-- no rule yet\n",
        "/* none */",
        ";;",
        "REVOKE ALL ON *.* FROM laura;",
        "SET DEFAULT ROLE r FOR laura;"
      })
  void aFileWithoutARuleIsAnErrorThatSaysHowToMeanIt(String text) throws Exception {
    String error = error(text);

    assertTrue(error.contains("the file has no rules; "), error);
    assertTrue(error.endsWith("or NO RULES; if no account is meant to have one"), error);
  }

  @Test
  void aFileCanSayThatThereIsNoRule() throws Exception {
    assertEquals(0, load("NO RULES;").size());
    assertEquals(0, load("-- for now\nno rules ;\n").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NO",
        "NO RULES",
        "NO RULES; ALTER USER laura REQUIRE X509;",
        "ALTER USER laura REQUIRE X509; NO RULES;",
        "NO RULE;"
      })
  void thatItHasNoRuleMustBeAllThatItSays(String text) {
    error(text);
  }

  @Test
  void whereverAFileIsCutOffItIsAnErrorUnlessThatIsTheEndOfAStatement() throws Exception {
    assertEquals(3, load(RULES).size());
    int whole = 0;
    for (int length = 0; length < RULES.length(); length++) {
      String cut = RULES.substring(0, length);
      boolean atAnEnd =
          cut.strip().endsWith(";") || cut.lines().reduce((a, b) -> b).orElse("").contains("; #");
      if (atAnEnd) {
        whole++;
        load(cut);
      } else {
        error(cut);
      }
    }
    assertTrue(whole > 3, "no cut is at the end of a statement");
  }

  @Test
  void theLastStatementNamesTheWordBehindWhichItMayBeCutOff() throws Exception {
    String error = error("ALTER USER a REQUIRE X509;\nALTER USER laura REQUIRE SUBJECT '/CN=l'");

    assertTrue(
        error.endsWith(
            ":2:34: the last statement does not end in ;, so the file may be cut off after the"
                + " quoted text; end it with ;"),
        error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"BEGIN;\n", "-- all of them\nstart transaction;"})
  void aFileThatBeginsATransactionIsAnErrorWhereverItIsCutOff(String begin) throws Exception {
    String sealed = begin + RULES + "COMMIT";
    for (int length = begin.length(); length <= sealed.length(); length++) {
      error(sealed.substring(0, length));
    }

    assertEquals(3, load(sealed + ";\n").size());
    assertEquals(
        dir.resolve("accounts.sql")
            + ":3:1: the file has begun with BEGIN, but does not end with COMMIT, so it may be cut"
            + " off; end it with COMMIT;",
        error("BEGIN;\nALTER USER laura REQUIRE SSL;\n").replaceFirst("--accounts: ", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COMMIT;",
        "BEGIN; COMMIT;",
        "ALTER USER laura REQUIRE SSL; COMMIT;",
        "ALTER USER laura REQUIRE SSL; BEGIN; ALTER USER b REQUIRE SSL; COMMIT;",
        "BEGIN; ALTER USER laura REQUIRE SSL; COMMIT; ALTER USER b REQUIRE SSL;",
        "BEGIN; NO RULES; COMMIT;"
      })
  void aTransactionIsTheWholeFile(String text) {
    error(text);
  }

  @Test
  void rulesThatMayHaveLostSomethingAreToldFromThoseThatAreStricterOrWhole() throws Exception {
    Rules before =
        load(
            "ALTER USER a REQUIRE X509; ALTER USER b REQUIRE SSL; ALTER USER c ACCOUNT LOCK;"
                + "ALTER USER d REQUIRE SUBJECT '/CN=d';");
    String same = "ALTER USER b REQUIRE SSL; ALTER USER d REQUIRE X509;";

    assertEquals(
        List.of("'a'@'%'", "'c'@'%'", "'d'@'%'"),
        load("ALTER USER a REQUIRE SSL; ALTER USER c REQUIRE SSL; ALTER USER z REQUIRE X509;"
                + same)
            .lessStrictThan(before));
    assertEquals(List.of("'a'@'%'", "'c'@'%'", "'d'@'%'"), load(same).lessStrictThan(before));
    assertEquals(List.of(), load("BEGIN;" + same + "COMMIT;").lessStrictThan(before));
    assertEquals(List.of(), load("NO RULES;").lessStrictThan(before));
    assertEquals(
        List.of(),
        load("ALTER USER a REQUIRE SUBJECT '/CN=a'; ALTER USER c ACCOUNT LOCK;"
                + "ALTER USER b REQUIRE SSL; ALTER USER d REQUIRE SUBJECT '/CN=d' ISSUER '/CN=i';")
            .lessStrictThan(before));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          X509,                            SSL,                             true
          SSL,                             NONE,                            true
          SUBJECT '/CN=a',                 X509,                            true
          SUBJECT '/CN=a',                 SSL,                             true
          CIPHER 'A',                      X509,                            true
          SUBJECT '/CN=a' ISSUER '/CN=i',  ISSUER '/CN=i',                  true
          SUBJECT '/CN=a',                 SUBJECT '/CN=a' OR SAN 'DNS:a',  true
          SUBJECT '/CN=a',                 SUBJECT '/CN=b',                 false
          SUBJECT '/CN=a' ISSUER '/CN=i',  ISSUER '/CN=i' SUBJECT '/CN=a',  false
          SUBJECT '/CN=a' OR SAN 'DNS:a',  SAN 'DNS:a',                     false
          NONE,                            SSL,                             false
          X509,                            CIPHER 'A',                      false
          """)
  void whatMoreConnectionsMeetThanBeforeIsLessStrict(String before, String now, boolean less)
      throws Exception {
    Rules old = load("ALTER USER a REQUIRE " + before + ";");

    List<String> found = load("ALTER USER a REQUIRE " + now + ";").lessStrictThan(old);

    assertEquals(less ? List.of("'a'@'%'") : List.of(), found);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          a REQUIRE X509,             a ACCOUNT LOCK,                          false
          a ACCOUNT LOCK,             a REQUIRE X509,                          true
          a REQUIRE SSL,              b REQUIRE SSL,                           false
          a REQUIRE X509,             b REQUIRE X509,                          true
          a ACCOUNT LOCK,             b ACCOUNT LOCK,                          true
          a REQUIRE X509,             ''@'%' ACCOUNT LOCK,                     false
          a ACCOUNT LOCK,             ''@'%' ACCOUNT LOCK,                     false
          a REQUIRE X509,             ''@'10.%' ACCOUNT LOCK,                  true
          a@'10.1.%' REQUIRE X509,    a REQUIRE SUBJECT '/CN=a',               false
          a@'10.1.%' REQUIRE X509,    a REQUIRE SSL,                           true
          ''@'10.1.1.1' REQUIRE X509, a REQUIRE X509; ALTER USER '' REQUIRE X509,  false
          ''@'10.1.1.1' REQUIRE X509, a REQUIRE X509,                          true
          ''@'10.1.1.1' REQUIRE X509, a REQUIRE SSL; ALTER USER '' ACCOUNT LOCK,  true
          a@'10.1.%' REQUIRE X509,    a@'10.%' REQUIRE SSL; ALTER USER a REQUIRE X509,  true
          """)
  void whatIsLeftDecidesWhetherAnAccountThatIsGoneWasStricter(
      String before, String now, boolean less) throws Exception {
    Rules old = load("ALTER USER " + before + ";");

    List<String> found = load("ALTER USER " + now + ";").lessStrictThan(old);

    assertEquals(less ? 1 : 0, found.size(), () -> "" + found);
  }

  @Test
  void rulesThatKeepSomeOfThoseBeforeThemHaveTheirOwnForAllOthers() throws Exception {
    Rules before = load("ALTER USER a, b REQUIRE X509;");
    Rules now = load("ALTER USER b, c ACCOUNT LOCK; ALTER USER d REQUIRE SSL;");

    Rules both = now.keeping(List.of("'a'@'%'"), before);

    assertEquals(List.of(), both.lessStrictThan(before));
    assertEquals(List.of("'a'@'%'"), both.differenceFrom(now).added());
    assertEquals(List.of(), both.differenceFrom(now).changed());
    assertEquals(4, both.size());
  }

  private Rules load(String text) throws Exception {
    Path file = Files.writeString(dir.resolve("accounts.sql"), text);
    OptionValues values =
        OptionSources.read(
            Map.of("accounts", file.toString(), "ssl-ca", "/ca.pem"),
            Map.of(),
            dir.resolve("none.cnf"));
    return RulesLoader.load(values);
  }

  private String error(String text) {
    OptionException e = assertThrows(OptionException.class, () -> load(text), text);
    return String.valueOf(e.getMessage());
  }
}
