package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The units in {@code conf/}, as far as systemd can judge them without running them. */
class SystemdUnitIT {

  /** In tenths, of 10.0: where systemd itself says "OK". */
  private static final int EXPOSURE = 20;

  @BeforeAll
  static void systemdIsInstalled() {
    assumeTrue(
        Tool.succeeds(List.of("systemd-analyze", "--version"), Map.of()),
        "the unit is checked by systemd-analyze, which is not installed");
  }

  static Stream<Path> units() {
    return Stream.of("mysql-tls-proxy.service", "mysql-tls-proxy-connect.service")
        .map(name -> Path.of("conf", name));
  }

  @ParameterizedTest
  @MethodSource("units")
  void systemdUnderstandsEveryLine(Path file, @TempDir Path temporary) throws IOException {
    // The program is where this project is, not where the unit's users have it.
    String text =
        Files.readString(file).replace("/opt/mysql-tls-proxy/", Path.of("").toAbsolutePath() + "/");
    Path unit = Files.writeString(temporary.resolve(file.getFileName()), text);

    Tool.Result result = Tool.run("systemd-analyze", "verify", unit.toString());

    // Before systemd 253; Type=notify is kept then.
    String other = "Failed to parse service type, ignoring: notify-reload";
    assertEquals(List.of(), result.error().lines().filter(line -> !line.endsWith(other)).toList());
    assertEquals(0, result.status());
  }

  @ParameterizedTest
  @MethodSource("units")
  void theSandboxLeavesLittleExposed(Path file) {
    Tool.Result result =
        Tool.run(
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=" + EXPOSURE,
            "--no-pager",
            file.toString());

    assertEquals(0, result.status(), result::text);
  }
}
