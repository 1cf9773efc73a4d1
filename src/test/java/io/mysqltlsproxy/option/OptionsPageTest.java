package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
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

  private static final Path CONNECT_PAGE = Path.of("docs/connect-options.md");

  private static final String CONNECT_INTRODUCTION =
      """
      # Options of `mysql-tls-proxy connect`

      This page is generated from the program. An option that MySQL's clients also have means the
      same here, but nothing falls back to an unencrypted connection. What the command is for is
      told [here](connect.md).

      Flags, variables and the option file work as
      [those of `run`](options.md#where-can-i-set-them). The group of the option file is
      `[mysql-tls-proxy-connect]`. So both commands can share one file, but not one set of
      variables: a variable for an option that only the other command has is an error.
      """;

  @Test
  void thePageShowsTheOptionsAsTheyAre() throws Exception {
    assertPage(PAGE, INTRODUCTION, OptionSet.RUN);
  }

  @Test
  void thePageOfConnectShowsItsOptionsAsTheyAre() throws Exception {
    assertPage(CONNECT_PAGE, CONNECT_INTRODUCTION, OptionSet.CONNECT);
  }

  private static void assertPage(Path file, String introduction, OptionSet options)
      throws Exception {
    String page = page(introduction, options);
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(file, page);
    }
    assertEquals(
        page,
        Files.readString(file),
        file
            + " differs from the options; run"
            + " mvn -q test -Dtest=OptionsPageTest -Dregenerate=true");
  }

  private static String page(String introduction, OptionSet options) {
    Set<String> reloaded = Options.RELOADED.stream().map(Option::name).collect(Collectors.toSet());
    StringBuilder page = new StringBuilder(introduction);
    for (Option<?> option : options.all()) {
      String text = option.name() + "=" + option.argument();
      page.append("\n## ")
          .append(option.name())
          .append("\n\n")
          .append(option.meaning().replace("*", "\\*"))
          .append("\n\n- Flag: ")
          .append(code("--" + text))
          .append("\n- Option file: ")
          .append(option.name().equals(Options.DEFAULTS_FILE.name()) ? "not allowed" : code(text))
          .append("\n- Variable: ")
          .append(code(option.variable()))
          .append("\n- Default: ")
          .append(option.defaultText().isEmpty() ? "none" : code(option.defaultText()))
          .append(option.check().range().isEmpty() ? "" : "\n- Range: " + option.check().range())
          .append("\n- Re-read without restart: ")
          .append(reloaded.contains(option.name()) ? "yes" : "no")
          .append('\n');
    }
    return page.toString();
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
