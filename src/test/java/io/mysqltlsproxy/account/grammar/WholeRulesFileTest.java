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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
