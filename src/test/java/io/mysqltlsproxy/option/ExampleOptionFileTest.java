package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleOptionFileTest {

  private static final Path EXAMPLE = Path.of("conf/mysql-tls-proxy.cnf");

  /** An option that is commented out has no blank after the #, unlike prose. */
  private static final Pattern COMMENTED_OUT = Pattern.compile("(?m)^#(?=[a-z])");

  private final Path directory;

  ExampleOptionFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void theExampleIsReadAsItIs() throws Exception {
    OptionValues values = OptionSources.read(Map.of(), Map.of(), EXAMPLE);
    assertEquals(
        Optional.of(Path.of("/etc/mysql-tls-proxy/server-cert.pem")), values.get(Options.SSL_CERT));
    assertEquals("127.0.0.1", values.get(Options.BIND_ADDRESS));
  }

  @Test
  void theExampleIsReadWithEveryLineThatIsCommentedOut() throws Exception {
    String text = COMMENTED_OUT.matcher(Files.readString(EXAMPLE)).replaceAll("");
    Path file = Files.writeString(directory.resolve("all.cnf"), text);
    OptionValues values = OptionSources.read(Map.of(), Map.of(), file);
    assertEquals("*", values.get(Options.BIND_ADDRESS));
    for (Option<?> option : Options.ALL) {
      assertTrue(
          option.equals(Options.DEFAULTS_FILE) || text.contains("\n" + option.name() + " = "),
          option.name() + " is not in " + EXAMPLE);
    }
  }

  @Test
  void theExampleOfConnectIsReadWithAndWithoutTheLinesThatAreCommentedOut() throws Exception {
    Path example = Path.of("conf/mysql-tls-proxy-connect.cnf");
    OptionValues values = OptionSources.read(OptionSet.CONNECT, Map.of(), Map.of(), example);
    assertEquals(SslMode.VERIFY_IDENTITY, values.get(ConnectOptions.SSL_MODE));
    String text = COMMENTED_OUT.matcher(Files.readString(example)).replaceAll("");
    Path file = Files.writeString(directory.resolve("all.cnf"), text);
    OptionSources.read(OptionSet.CONNECT, Map.of(), Map.of(), file);
    for (Option<?> option : OptionSet.CONNECT.all()) {
      assertTrue(
          option.name().equals("defaults-file") || text.contains("\n" + option.name() + " = "),
          option.name() + " is not in " + example);
    }
  }
}
