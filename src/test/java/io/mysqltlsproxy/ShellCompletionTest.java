package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.Command.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.AutoComplete;

/** The completion for bash: made by picocli from the commands, and asked as bash asks it. */
class ShellCompletionTest {
  private static final Path SCRIPT =
      Path.of("src", "main", "share", "bash-completion", "completions", Main.PROGRAM);

  /** Finds the function by the name of the program, and gives it the words before the cursor. */
  private static final String ASK =
      """
      . "$SCRIPT"
      [[ $(complete -p mysql-tls-proxy) =~ -F\\ ([^ ]+) ]]
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
      "${BASH_REMATCH[1]}" mysql-tls-proxy "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  @Test
  void theScriptIsTheOneThatPicocliMakesOfTheCommands() throws IOException {
    Shell nowhere = new Shell(Map.of(), System.out, System.err);
    GeneratedFile.assertCurrent(
        SCRIPT,
        AutoComplete.bash(Main.PROGRAM, Commands.commandLine(nowhere)),
        "mvn test -Dtest=ShellCompletionTest -Dregenerate=true");
  }

  @ParameterizedTest
  @CsvSource({
    "o, overhead",
    "run --ssl-cr, --ssl-crl --ssl-crlpath",
    "run --admin-ad, --admin-address",
    "certs re, renew retire revoke",
    "certs renew --end, --ending-within",
    "check --client-, --client-attributes --client-cert",
  })
  void bashCompletes(String typed, String offered) throws Exception {
    List<String> completions = complete(typed);

    assertEquals(List.of(offered.split(" ")), completions.stream().sorted().toList());
  }

  @Test
  void bashOffersEveryCommand() throws Exception {
    List<String> completions = complete("");

    assertTrue(completions.containsAll(List.of("run", "check", "certs", "health")));
  }

  private static List<String> complete(String typed) throws Exception {
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", ASK, "bash", Main.PROGRAM);
    bash.command().addAll(List.of(typed.split(" ", -1)));
    bash.environment().put("SCRIPT", SCRIPT.toString());
    // Where bash complains that it is not completing by itself.
    Process asked = bash.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, asked.waitFor(), output);
    return output.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
