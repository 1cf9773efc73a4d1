package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/kubernetes}, put together by {@code kubectl kustomize}, which needs no cluster. */
class KustomizeIT {
  private static final Path ROOT = Path.of("conf", "kubernetes");
  private static final Pattern KIND = Pattern.compile("(?m)^kind: (\\w+)$");
  private static final Pattern RULES = Pattern.compile("name: (mysql-tls-proxy-rules\\S*)");

  @BeforeAll
  static void kubectlIsInstalled() {
    assumeTrue(
        Tool.succeeds(List.of("kubectl", "version", "--client"), Map.of()),
        "kubectl is not installed: src/test/bin/install-tools");
  }

  @Test
  void theGatewayIsPutTogether() {
    assertEquals(
        List.of("Certificate", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service"),
        found(KIND, built("gateway")));
  }

  @Test
  void theExampleOfAnIssuerIsPutTogether() {
    assertEquals(
        List.of("Certificate", "Certificate", "Issuer", "Issuer"), found(KIND, built("issuer")));
  }

  @Test
  void anEditedRuleReachesTheSidecarWithoutARestartOfTheDatabase(@TempDir Path directory)
      throws IOException {
    String before = built("sidecar");
    Path copy = directory.resolve("sidecar");
    Files.createDirectory(copy);
    try (Stream<Path> files = Files.list(ROOT.resolve("sidecar"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.writeString(
        copy.resolve("accounts.sql"),
        "CREATE USER 'new'@'%' REQUIRE X509;\n",
        StandardOpenOption.APPEND);
    String after = built(copy);

    assertEquals(
        List.of("Certificate", "ConfigMap", "NetworkPolicy", "Service", "StatefulSet"),
        found(KIND, after));
    assertEquals(document("StatefulSet", before), document("StatefulSet", after));
    assertTrue(document("ConfigMap", after).contains("'new'@'%'"), after);
    assertEquals(List.of("mysql-tls-proxy-rules", "mysql-tls-proxy-rules"), found(RULES, after));
  }

  private static String document(String kind, String text) {
    return Stream.of(text.split("(?m)^---$", -1))
        .filter(document -> found(KIND, document).equals(List.of(kind)))
        .findFirst()
        .orElseThrow();
  }

  private static String built(String name) {
    return built(ROOT.resolve(name));
  }

  private static String built(Path base) {
    Tool.Result built = Tool.run("kubectl", "kustomize", base.toString());
    assertEquals(0, built.status(), built::error);
    return built.text();
  }

  private static List<String> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.results().map(match -> match.group(1)).sorted().toList();
  }
}
