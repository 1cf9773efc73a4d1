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

      This page is made from the program's own definitions. Where mysqld has an option of the same
      name, it means the same here.

      Every option can be given in three places. A flag wins over an environment variable, a
      variable over the option file, and this over the default. What is given twice in one place has
      the last value. `mysql-tls-proxy run --print-defaults` shows what the places add up to. A
      wrong option anywhere ends the program with status 2 and one line that names it.

      **Flags.** `--name=value` or `--name value`; hyphen and underscore are alike. An option with
      the argument ON|OFF is ON without a value, and OFF as `--skip-name`. `--loose-name` is ignored
      when there is no such option.

      **Environment variables.** An empty variable counts as unset. A variable that begins with
      `MYSQL_TLS_PROXY_` and belongs to no option is an error. The variables that Kubernetes and
      Docker set for a service whose name begins with mysql-tls-proxy are ignored:
      `…_SERVICE_HOST`, `…_SERVICE_PORT…`, `…_PORT_3306_TCP…`, `…_PORT` with a value such as
      `tcp://10.96.0.7:3306`, `…_NAME` with a value such as `/web/db`, and `…_ENV_…`.

      **Option file.** The group `[mysql-tls-proxy]` is read from a file in
      [MySQL's format](https://dev.mysql.com/doc/refman/8.4/en/option-files.html); other groups are
      skipped, so that the file may serve mysqld too. Comments, quotes, the escapes `\\b \\t \\n \\r \\\\
      \\s`, the prefixes `skip-` and `loose-`, `!include FILE` and `!includedir DIRECTORY` work as
      there; a relative path is relative to the working directory. Some things that MySQL passes
      over or warns about are errors here: a file without the group, a file that everyone may write to, an included file that
      is not there or includes itself, a quote that is not closed, text that is not UTF-8, and an
      empty value.
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
          .append(option.equals(Options.DEFAULTS_FILE) ? "not there" : code(text))
          .append("\n- Variable: ")
          .append(code(option.variable()))
          .append("\n- Default: ")
          .append(option.defaultText().isEmpty() ? "none" : code(option.defaultText()))
          .append('\n');
    }
    return page.toString();
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
