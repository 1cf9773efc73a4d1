package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ProxyCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** sysbench, eight threads at once, each with the client's certificate. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SysbenchIT {
  private static final int STARTS = 20;
  private static final Pattern QUERIES = Pattern.compile("queries: +(\\d+) ");

  private Path directory;
  private Optional<Site> opened = Optional.empty();

  @BeforeAll
  void prepareATable(@TempDir Path temporary) throws IOException {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("sysbench", "--version"), Map.of()),
        "sysbench is not installed: src/test/bin/install-tools");
    directory = temporary;
    Site site = Site.of(ServerKind.MYSQL_5_5);
    opened = Optional.of(site);
    ProxyCertificates certificates = site.proxy().certificates();
    // The names that sysbench looks for in its working directory.
    Files.copy(certificates.ca(), directory.resolve("cacert.pem"));
    Files.copy(certificates.clientCert(), directory.resolve("client-cert.pem"));
    Files.copy(certificates.clientKey(), directory.resolve("client-key.pem"));
    site.server().sql("DROP TABLE IF EXISTS it.sbtest1");
    run("--threads=1", "prepare");
  }

  @AfterAll
  void end() {
    opened.ifPresent(Site::close);
  }

  @RepeatedTest(STARTS)
  void eightThreadsConnectAndSelectWithoutAnErrorOrReconnect() {
    String report = run("--threads=8", "--time=2", "run");

    Matcher queries = QUERIES.matcher(report);
    assertTrue(queries.find() && Long.parseLong(queries.group(1)) > 100, report);
    assertTrue(report.contains("ignored errors:                      0 "), report);
    assertTrue(report.contains("reconnects:                          0 "), report);
  }

  private String run(String... arguments) {
    Site site = opened.orElseThrow();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sysbench", "oltp_point_select", "--table-size=1000"));
    command.addAll(List.of("--mysql-host=127.0.0.1", "--mysql-port=" + site.proxy().port()));
    command.addAll(List.of("--mysql-user=" + site.login().user(), "--mysql-db=it"));
    command.addAll(List.of("--mysql-password=" + site.login().password(), "--mysql-ssl=on"));
    command.addAll(List.of(arguments));
    Tool.Result result = Tool.run(new ProcessBuilder(command).directory(directory.toFile()));
    String report = result.text() + result.error();
    assertEquals(0, result.status(), report);
    assertFalse(report.contains("FATAL"), report);
    return report;
  }
}
