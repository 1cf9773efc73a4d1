package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference page is made from {@link Options}, and cannot differ from them. */
class OptionsPageTest {

  private static final Path PAGE = Path.of("docs/options.md");

  private static final String INTRODUCTION =
      """
      # Options of `mysql-tls-proxy run`

      This page is generated from the program. An option that mysqld also has means the same here.

      ## Where can I set them?

      There are three places. A flag wins over an environment variable, a variable over the option
      file, and the file over the default. Within one place, the last value wins.
      `mysql-tls-proxy run --print-defaults` prints the result. A wrong option anywhere ends the
      program with status 2 and one line that names it.

      **Flags.** `--name=value` or `--name value`. Hyphens and underscores are equivalent. An ON|OFF
      option without a value is ON; `--skip-name` means OFF. `--loose-name` is ignored if there is no
      such option.

      **Environment variables.** An empty variable counts as unset. A variable that begins with
      `MYSQL_TLS_PROXY_` and belongs to no option is an error. The variables that Kubernetes and
      Docker set for a service whose name begins with mysql-tls-proxy are ignored:
      `…_SERVICE_HOST`, `…_SERVICE_PORT…`, `…_PORT_3306_TCP…`, `…_PORT` with a value such as
      `tcp://10.96.0.7:3306`, `…_NAME` with a value such as `/web/db`, and `…_ENV_…`.

      **Option file.** The proxy reads the group `[mysql-tls-proxy]` from a file in
      [MySQL's format](https://dev.mysql.com/doc/refman/8.4/en/option-files.html). It skips other
      groups, so mysqld can use the same file. Comments, quotes, the escapes `\\b \\t \\n \\r \\\\ \\s`,
      the prefixes `skip-` and `loose-`, `!include FILE` and `!includedir DIRECTORY` work as in
      MySQL. A relative path is relative to the working directory. Some things that MySQL ignores
      or only warns about are errors here: a file without the group, a file that everyone may write
      to, an included file that does not exist or includes itself, an unclosed quote, text that is
      not UTF-8, and an empty value.

      ## What can I change without a restart?

      Options are read once, at the start. Some of them name files, and the proxy
      [reloads those files](operation.md#how-do-i-replace-certificates-crls-or-rules) when they
      change. Each option says which kind it is.
      """;

  @Test
  void thePageShowsTheOptionsAsTheyAre() throws Exception {
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(PAGE, page());
    }
    assertEquals(
        page(),
        Files.readString(PAGE),
        PAGE
            + " differs from Options; run"
            + " mvn -q test -Dtest=OptionsPageTest -Dregenerate=true");
  }

  private static String page() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (Option<?> option : Options.ALL) {
      String text = option.name() + "=" + option.argument();
      page.append("\n## ")
          .append(option.name())
          .append("\n\n")
          .append(option.meaning().replace("*", "\\*"))
          .append("\n\n- Flag: ")
          .append(code("--" + text))
          .append("\n- Option file: ")
          .append(option.equals(Options.DEFAULTS_FILE) ? "not allowed" : code(text))
          .append("\n- Variable: ")
          .append(code(option.variable()))
          .append("\n- Default: ")
          .append(option.defaultText().isEmpty() ? "none" : code(option.defaultText()))
          .append(option.check().range().isEmpty() ? "" : "\n- Range: " + option.check().range())
          .append("\n- Re-read without restart: ")
          .append(Options.RELOADED.contains(option) ? "yes" : "no")
          .append('\n');
    }
    return page.toString();
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
