package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.Options;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  /** The options that run would have with these flags. */
  private static List<String> merged(String flags) {
    Invocation outcome =
        Invocation.of(
            Stream.concat(Stream.of("run", "--print-defaults"), Stream.of(flags.split(" ")))
                .toArray(String[]::new));
    assertEquals(new Invocation(0, outcome.out(), ""), outcome);
    return outcome.out().lines().toList();
  }

  @Test
  void withoutACommandTheUsageGoesToStandardErrorWithStatus2() {
    Invocation outcome = Invocation.of();
    assertEquals(2, outcome.status());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().startsWith("Usage: mysql-tls-proxy "), outcome.err());
    assertTrue(outcome.err().contains("\n  run "), outcome.err());
    assertTrue(outcome.err().contains("\n  certs "), outcome.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-?"})
  void helpShowsEveryOptionWithinEightyColumns(String flag) {
    Invocation outcome = Invocation.of("run", flag);
    assertEquals(0, outcome.status());
    assertEquals("", outcome.err());
    assertTrue(outcome.out().lines().allMatch(line -> line.length() <= 80), outcome.out());
    for (Option<?> option : Options.ALL) {
      assertTrue(outcome.out().contains("      --" + option.name()), option.name());
    }
    assertTrue(outcome.out().contains("Default: 127.0.0.1:3306\n"), outcome.out());
  }

  @Test
  void theVersionGoesToStandardOutput() {
    Invocation outcome = Invocation.of("--version");
    assertEquals(0, outcome.status());
    assertLinesMatch(
        List.of(
            "mysql-tls-proxy .+",
            "commit: .+",
            "Java:   " + Runtime.version().feature() + "\\b.* \\(.+\\)",
            "Netty:  4\\.2\\.\\d+\\.Final",
            "TLS:    BoringSSL \\(netty-tcnative 2\\..+\\)"),
        outcome.out().lines().toList());
    assertEquals(outcome, Invocation.of("run", "--version"));
  }

  @ParameterizedTest
  @CsvSource({
    "--port=1, --port=1",
    "--port 1, --port=1",
    "--port=1 --port=2, --port=2",
    "--bind_address=*, --bind-address=*",
    "--bind-address=db_1, --bind-address=db_1",
    "--require a=b, --require=a=b",
    "--require run, --require=run",
    "--loose-port=1 --loose-unknown=1 --loose_unknown, --port=1",
    "--require-secure-transport, --require-secure-transport=ON",
    "--require-secure-transport OFF, --require-secure-transport=OFF",
    "--skip-require_secure-transport, --require-secure-transport=OFF",
    "--skip-require-secure-transport --require-secure-transport, --require-secure-transport=ON",
    "--require-secure-transport --loose-skip-require-secure-transport,"
        + " --require-secure-transport=OFF"
  })
  void aFlagIsReadAsMysqldReadsIt(String flags, String merged) {
    assertTrue(merged(flags).contains(merged), () -> merged(flags).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          run --port=99999 ~ --port=99999: not a port; give a whole number from 0 to 65535
          run --port ~ --port: no value; write --port=N
          run --port --log-level=info ~ --port: no value; write --port=N
          run --ssl-ca= ~ --ssl-ca=: empty; give FILE or leave the option out
          run --prot=1 ~ --prot: unknown option; did you mean --port?
          run --password=secret ~ --password: unknown option; mysql-tls-proxy run --help lists the \
          options
          run -p ~ -p: unknown argument; mysql-tls-proxy run --help lists what there is
          run more ~ more: unknown argument; mysql-tls-proxy run --help lists what there is
          rnu ~ rnu: unknown argument; mysql-tls-proxy --help lists what there is
          --port=1 run ~ --port: an option of a command; write it after the command
          certs --kye-type=RSA-2048 ~ --kye-type: unknown option; mysql-tls-proxy certs --help lists \
          what there is
          run --skip-require-secure-transport=1 ~ --skip-require-secure-transport=1: takes no value \
          after skip-; write require-secure-transport=ON or =OFF
          run --defaults-file=/no/such ~ --defaults-file=/no/such: no such file; create /no/such or \
          name another
          """)
  void aWrongFlagIsOneLineOnStandardErrorWithStatus2(String command, String message) {
    assertEquals(Invocation.wrongOptions(message), Invocation.of(command.split(" ")));
  }
}
