package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionFileTest {

  private static final String GROUP = "[mysql-tls-proxy]\n";

  private final Path directory;

  OptionFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static List<Arguments> linesAndTheirValues() {
    return List.of(
        Arguments.of("require=X509", "X509"),
        Arguments.of("  require  =  X509  ", "X509"),
        Arguments.of("require=X509\r", "X509"),
        Arguments.of("require=X509 # comment", "X509"),
        Arguments.of("require=X509# comment", "X509"),
        Arguments.of("require = a b", "a b"),
        Arguments.of("require = a ; b", "a ; b"),
        Arguments.of("require = a=b", "a=b"),
        Arguments.of("require = 'X509'", "X509"),
        Arguments.of("require = \"X509\" # comment", "X509"),
        Arguments.of("require = ' X509 '", " X509 "),
        Arguments.of("require = 'a # b' # comment", "a # b"),
        Arguments.of("require = \"a 'b' # c\"", "a 'b' # c"),
        Arguments.of("require = SUBJECT '/CN=a # b'", "SUBJECT '/CN=a # b'"),
        Arguments.of("require = 'a\\'b' # comment", "a'b"),
        Arguments.of("require = \"a\\\"b # c\"", "a\"b # c"),
        Arguments.of("require = a\\#b", "a\\"),
        Arguments.of("require = \\s\\\\\\'\\\"\\s", " \\'\" "),
        Arguments.of("require = x\\b\\t\\n\\rx", "x\b\t\n\rx"),
        Arguments.of("require = \\d\\", "\\d\\"),
        Arguments.of("require = C\u00f4te", "C\u00f4te"),
        Arguments.of("loose-require=X509", "X509"),
        Arguments.of("loose_require=X509", "X509"),
        Arguments.of("require=SSL\n# comment\n; comment\n\nrequire=X509", "X509"),
        Arguments.of("require=X509\n[mysqld]\nrequire=SSL\nunknown\n[mysql]\nx=1", "X509"),
        Arguments.of("[mysqld] whatever\nfoo\n" + GROUP + "require=X509", "X509"),
        Arguments.of("[ mysql-tls-proxy ] # comment\nrequire=X509", "X509"),
        Arguments.of("loose-unknown=1\nloose_unknown\nrequire=X509", "X509"));
  }

  @ParameterizedTest
  @MethodSource("linesAndTheirValues")
  void aLineHasTheValueThatMysqldReads(String lines, String value) throws Exception {
    assertEquals(Optional.of(value), read(file("a.cnf", GROUP + lines)).get(Options.REQUIRE));
  }

  @Test
  void aFileWithoutAnEndIsAnError() {
    assertEquals(
        "--defaults-file=/dev/zero: longer than 16 MiB; check that it is the right file",
        messageOf(Path.of("/dev/zero")));
  }

  static List<Arguments> linesAndTheirErrors() {
    return List.of(
        Arguments.of("prot=1", "prot: unknown option; did you mean port?"),
        Arguments.of("ssl_crt", "ssl-crt: unknown option; did you mean ssl-cert?"),
        Arguments.of(
            "datadir=/var/lib/mysql",
            "datadir: unknown option; mysql-tls-proxy run --help lists the options"),
        Arguments.of(
            "skip-port", "skip-port: unknown option; mysql-tls-proxy run --help lists the options"),
        Arguments.of("port=x", "port=x: not a port; give a whole number from 0 to 65535"),
        Arguments.of("port=", "port=: empty; give N or leave the option out"),
        Arguments.of("port", "port: no value; write port=N"),
        Arguments.of(
            "defaults-file=/x",
            "defaults-file: not allowed in an option file; write !include FILE"),
        Arguments.of(
            "skip-require-secure-transport=1",
            "skip-require-secure-transport=1: takes no value after skip-; write"
                + " require-secure-transport=ON or =OFF"),
        Arguments.of(
            "ssl-ca='/ca.pem # comment",
            "ssl-ca='/ca.pem # comment: unclosed quote; close" + " it"),
        Arguments.of("[mysqld", "[mysqld: no group; write [mysql-tls-proxy] or another name"),
        Arguments.of("[]", "[]: no group; write [mysql-tls-proxy] or another name"),
        Arguments.of(
            "[mysql_tls_proxy]",
            "[mysql_tls_proxy]: not this program's group; write [mysql-tls-proxy]"),
        Arguments.of(
            "[mysql-tls-proxy] port=1",
            "[mysql-tls-proxy] port=1: text after the group; move it to a line of its own"),
        Arguments.of(
            "!includes /x",
            "!includes /x: no such directive; write !include FILE or !includedir DIRECTORY"),
        Arguments.of(
            "!include",
            "!include: no such directive; write !include FILE or !includedir DIRECTORY"),
        Arguments.of(
            "!include /no/such.cnf",
            "!include /no/such.cnf: no such file; create /no/such.cnf or name another"));
  }

  @ParameterizedTest
  @MethodSource("linesAndTheirErrors")
  void aWrongLineIsAnErrorWithFileAndLine(String line, String message) throws Exception {
    Path file = file("wrong.cnf", GROUP + "# a comment\n\n" + line + "\n");
    assertEquals(file + ":4: " + message, messageOf(file));
  }

  @Test
  void aLineBeforeAnyGroupIsAnErrorThatDoesNotShowIt() throws Exception {
    Path file = file("nogroup.cnf", "passphrase\n");
    assertEquals(
        file + ":1: a line before any group; write [mysql-tls-proxy] above it", messageOf(file));
  }

  @Test
  void aSwitchWithoutAValueIsOnAndWithSkipBeforeItOff() throws Exception {
    Path on = file("on.cnf", GROUP + "require_secure_transport=OFF\nrequire_secure_transport\n");
    assertEquals(true, read(on).get(Options.REQUIRE_SECURE_TRANSPORT));
    Path off = file("off.cnf", GROUP + "skip_require-secure_transport\n");
    assertEquals(false, read(off).get(Options.REQUIRE_SECURE_TRANSPORT));
    Path loose = file("loose.cnf", GROUP + "loose-skip-require-secure-transport\n");
    assertEquals(false, read(loose).get(Options.REQUIRE_SECURE_TRANSPORT));
  }

  @Test
  void aByteOrderMarkIsSkipped() throws Exception {
    assertEquals(1, read(file("bom.cnf", "\uFEFF" + GROUP + "port=1")).get(Options.PORT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# a comment\n", "[mysqld]\nport=3306\n", "[mysql]\n"})
  void aFileWithoutOurGroupIsAnErrorAndNotAllDefaults(String text) throws Exception {
    Path file = file("others.cnf", text);
    Path outer = file("outer.cnf", "[mysqld]\n!include " + file + "\n");
    String problem =
        ": no group [mysql-tls-proxy], so every option would have its default; write"
            + " [mysql-tls-proxy] above the proxy's options, or leave the file out";

    assertEquals("--defaults-file=" + file + problem, messageOf(file));
    assertEquals("--defaults-file=" + outer + problem, messageOf(outer));
  }

  @Test
  void ourGroupMayComeFromAnIncludedFileAndDevNullIsNoFile() throws Exception {
    Path inner = file("inner.cnf", GROUP + "port=2\n");

    assertEquals(2, read(file("outer.cnf", "!include " + inner + "\n")).get(Options.PORT));
    assertEquals(3307, read(Path.of("/dev/null")).get(Options.PORT));
  }

  @Test
  void aFileInUtf16IsToldHowToBeSaved() throws Exception {
    Path file = directory.resolve("windows.cnf");
    Files.write(file, (GROUP + "port=1\r\n").getBytes(StandardCharsets.UTF_16));

    assertEquals(
        "--defaults-file="
            + file
            + ": is text in UTF-16; save it as UTF-8: iconv -f UTF-16 -t UTF-8 "
            + file
            + " > NEW",
        messageOf(file));
  }

  @Test
  void onlyOurGroupMustBeUtf8() throws Exception {
    Path file = directory.resolve("latin1.cnf");
    Files.write(
        file, ("[mysqld]\nx=\u00e9\n" + GROUP + "port=1\n").getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(1, read(file).get(Options.PORT));
    Files.write(file, (GROUP + "ssl-cert=/\u00e9.pem\n").getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        file + ":2: ssl-cert=/\uFFFD.pem: not UTF-8; save the file as UTF-8", messageOf(file));
  }

  @Test
  void anIncludedFileIsReadInItsPlaceAndTheGroupGoesOnBehindIt() throws Exception {
    Path inner = file("inner.cnf", GROUP + "port=2\nconnect-timeout=9\n[mysqld]\nx=1\n");
    Path outer = file("outer.cnf", GROUP + "port=1\n!include " + inner + "\nconnect-timeout=10\n");
    OptionValues values = read(outer);
    assertEquals(2, values.get(Options.PORT));
    assertEquals(10, values.get(Options.CONNECT_TIMEOUT).toSeconds());
  }

  @Test
  void theGroupDoesNotReachIntoAnIncludedFile() throws Exception {
    Path inner = file("inner.cnf", "port=2\n");
    Path outer = file("outer.cnf", GROUP + "!include " + inner + "\n");
    assertEquals(
        inner + ":1: a line before any group; write [mysql-tls-proxy] above it", messageOf(outer));
  }

  @Test
  void includedirReadsTheCnfFilesOfADirectoryInOrder() throws Exception {
    Path conf = directory.resolve("conf.d");
    Files.createDirectories(conf.resolve("sub.cnf"));
    Files.writeString(conf.resolve("20.cnf"), GROUP + "port=20\n");
    Files.writeString(conf.resolve("10.cnf"), GROUP + "port=10\n");
    Files.writeString(conf.resolve("30.ini"), GROUP + "port=30\n");
    assertEquals(20, read(file("outer.cnf", "!includedir " + conf + "\n")).get(Options.PORT));
  }

  @Test
  void includedirOfNoDirectoryIsAnError() throws Exception {
    Path file = file("outer.cnf", "!includedir /no/such.d\n");
    assertEquals(
        file + ":1: !includedir /no/such.d: no such file; create /no/such.d or name another",
        messageOf(file));
    file = file("outer.cnf", "!includedir " + file + "\n");
    assertEquals(
        file + ":1: !includedir " + file + ": not a directory; name a directory of .cnf files",
        messageOf(file));
  }

  @Test
  void aFileThatIncludesItselfIsAnError() throws Exception {
    Path inner = directory.resolve("inner.cnf");
    Path outer = file("outer.cnf", "!include " + inner + "\n");
    Files.writeString(inner, "\n!include " + outer + "\n");
    assertEquals(
        inner + ":2: !include " + outer + ": the file includes itself; remove this line",
        messageOf(outer));
  }

  @Test
  void theDepthOfIncludesIsBounded() throws Exception {
    for (int i = 0; i < 12; i++) {
      file(i + ".cnf", "!include " + directory.resolve(i + 1 + ".cnf") + "\n");
    }
    assertEquals(
        directory.resolve("10.cnf")
            + ":1: !include "
            + directory.resolve("11.cnf")
            + ": more than 10 files deep; include it from an outer file",
        messageOf(directory.resolve("0.cnf")));
  }

  @Test
  void aFileThatEveryoneMayWriteIsAnErrorAlsoWhenIncluded() throws Exception {
    Path open = file("open.cnf", GROUP + "port=1\n");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--rw-"));
    assertEquals(
        "--defaults-file=" + open + ": everyone may write to this file; run chmod o-w " + open,
        messageOf(open));
    Path outer = file("outer.cnf", "!include " + open + "\n");
    assertEquals(
        outer + ":1: !include " + open + ": everyone may write to this file; run chmod o-w " + open,
        messageOf(outer));
  }

  @Test
  void aNamedFileThatIsNotThereIsAnErrorAtTheOptionThatNamesIt() {
    Map<String, String> environment = Map.of("MYSQL_TLS_PROXY_DEFAULTS_FILE", "/no/such.cnf");
    OptionException thrown =
        assertThrows(
            OptionException.class,
            () -> OptionSources.read(Map.of(), environment, Path.of("/dev/null")));
    assertEquals(
        "MYSQL_TLS_PROXY_DEFAULTS_FILE: defaults-file=/no/such.cnf: no such file; create"
            + " /no/such.cnf or name another",
        thrown.getMessage());
  }

  @Test
  void theUsualFileThatIsThereAndUnreadableIsAnError() {
    assertEquals(
        "--defaults-file=" + directory + ": cannot be read (Is a directory); name a readable file",
        messageOf(directory));
  }

  private static OptionValues read(Path file) throws OptionException {
    return OptionSources.read(Map.of(), Map.of(), file);
  }

  private static String messageOf(Path file) {
    return String.valueOf(assertThrows(OptionException.class, () -> read(file)).getMessage());
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }
}
