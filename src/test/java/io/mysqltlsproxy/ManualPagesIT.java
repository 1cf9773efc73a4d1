package io.mysqltlsproxy;

import static java.util.regex.Matcher.quoteReplacement;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.Command.Shell;
import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.Options;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * The manual pages: made by picocli and Asciidoctor from the commands, and shown by {@code man}.
 */
class ManualPagesIT {
  private static final Path PAGES = Path.of("src", "main", "share", "man", "man1");
  private static final Path NODE_MODULES = Path.of("target", "npm", "node_modules");
  private static final Path CONVERTER = Path.of("src", "test", "npm", "man-pages.mjs");
  private static final String SECTION = ".1";

  /** What an option means; its name before that, the term of a list, is not indented. */
  private static final Pattern MEANING = Pattern.compile("(?m)^ .*$");

  private static final String REGENERATE =
      "mvn verify -Dtest=NONE -Dit.test=ManualPagesIT -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dregenerate=true";

  @Test
  void thePagesAreThoseThatPicocliMakesOfTheCommands(@TempDir Path scratch) throws Exception {
    assumeTrue(
        Files.isDirectory(NODE_MODULES.resolve("@asciidoctor")),
        "Asciidoctor is not installed: src/test/bin/install-tools");
    Map<String, CommandSpec> commands = commands();
    for (Map.Entry<String, CommandSpec> command : commands.entrySet()) {
      Files.writeString(scratch.resolve(command.getKey() + ".adoc"), asciiDoc(command.getValue()));
    }

    String[] convert = {"node", CONVERTER.toString(), NODE_MODULES.toString(), scratch.toString()};
    assertEquals("", printed(Map.of(), convert));

    for (String name : commands.keySet()) {
      String page = Files.readString(scratch.resolve(name + SECTION));
      GeneratedFile.assertCurrent(PAGES.resolve(name + SECTION), page, REGENERATE);
    }
    try (Stream<Path> files = Files.list(PAGES)) {
      assertEquals(
          new TreeSet<>(commands.keySet()),
          new TreeSet<>(
              files.map(f -> f.getFileName().toString().replaceFirst("\\.1$", "")).toList()),
          "pages of commands that are no more; delete them");
    }
  }

  @Test
  void manShowsEveryPageWithoutAWarning() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/man")), "man is not installed: man-db");
    try (Stream<Path> pages = Files.list(PAGES)) {
      for (Path page : pages.toList()) {
        String text = man(page);
        assertFalse(text.contains("troff: "), text);
        assertTrue(text.contains("NAME\n"), text);
        assertTrue(text.contains("SYNOPSIS\n"), text);
      }
    }
    String run = words(man(PAGES.resolve(Main.PROGRAM + "-run" + SECTION)));
    for (Option<?> option : Options.ALL) {
      assertTrue(run.contains(words(option.meaning())), () -> option.name() + "\n" + run);
    }
  }

  /** A text in one line, with the signs of a keyboard. */
  private static String words(String text) {
    return text.replace('\u2019', '\'').replace("\u2026", "...").replaceAll("\\s+", " ");
  }

  private static String man(Path page) throws Exception {
    // Words stay whole, whatever the width.
    Map<String, String> plain =
        Map.of("MANWIDTH", "100", "LC_ALL", "C.UTF-8", "MANOPT", "--nh --nj");
    return printed(plain, "man", "--warnings", "--local-file", page.toString())
        // A list of ciphers is longer than the line, and cannot be broken.
        .replaceAll("(?m)^troff: .*can't break line\\n", "");
  }

  /** Every command with its subcommands, by the name of its page. */
  private static Map<String, CommandSpec> commands() {
    Map<String, CommandSpec> commands = new TreeMap<>();
    collect(
        Commands.commandLine(new Shell(Map.of(), System.out, System.err)).getCommandSpec(),
        commands);
    return commands;
  }

  private static void collect(CommandSpec command, Map<String, CommandSpec> commands) {
    // What the machine that makes the page runs on is not for the page.
    command.versionProvider(null).version(Main.PROGRAM);
    commands.put(command.qualifiedName("-"), command);
    for (CommandLine each : command.subcommands().values()) {
      collect(each.getCommandSpec(), commands);
    }
  }

  private static String asciiDoc(CommandSpec command) {
    StringWriter text = new StringWriter();
    ManPageGenerator.writeSingleManPage(new PrintWriter(text), command);
    // Picocli escapes nothing. Two colons would make a term of what is before them.
    return MEANING
        .matcher(text.toString())
        .replaceAll(line -> quoteReplacement(line.group().replace("::", "{two-colons}")));
  }

  /** What a program prints, on either output. */
  private static String printed(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> List.of(command) + "\n" + output);
    return output;
  }
}
