package io.mysqltlsproxy.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The chart, as Helm's own library renders it; what comes of it is held to the types. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HelmChartTest {
  private static final Path CHART = Path.of("conf", "helm", "mysql-tls-proxy").toAbsolutePath();

  private static final String EVERYTHING =
      """
      certManager: {enabled: true, dnsNames: [db.example.com]}
      serviceMonitor: {enabled: true, labels: {release: prometheus}}
      tls: {ticketKeysSecret: mysql-tls-proxy-ticket-keys}
      rules: CREATE USER 'app'@'%' REQUIRE X509;
      imagePullSecrets: [{name: registry}]
      nodeSelector: {kubernetes.io/os: linux}
      podLabels: {team: data}
      podAnnotations: {note: text}
      """;

  private Path directory = Path.of("");
  private Path chart = Path.of("");

  /** Helm asks no cluster here, and takes Kubernetes to be older than the chart allows. */
  @BeforeEach
  void copyTheChart(@TempDir Path temporary) throws IOException {
    directory = temporary;
    chart = temporary.resolve("mysql-tls-proxy");
    try (Stream<Path> files = Files.walk(CHART)) {
      for (Path file : files.toList()) {
        Files.copy(file, chart.resolve(CHART.relativize(file).toString()));
      }
    }
    Path about = chart.resolve("Chart.yaml");
    Files.writeString(about, Files.readString(about).replaceFirst("kubeVersion: .*\\n", ""));
  }

  @Test
  void helmFindsNothingWrongWithIt() {
    LintResult result = new Helm(CHART).lint().strict().call();

    assertFalse(result.isFailed(), () -> result.getMessages().toString());
  }

  @Test
  void theGatewayIsRendered() throws Exception {
    List<JsonObject> manifests = rendered("");

    assertEquals(
        List.of("Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service"), kinds(manifests));
    JsonObject pod = Manifests.podOf(only("Deployment", manifests));
    OptionValues options = Manifests.options(pod);
    assertEquals("legacy-db.example.com:3306", options.get(Options.BACKEND).toString());
    assertEquals("X509", options.get(Options.REQUIRE).orElseThrow());
    assertFalse(pod.get("enableServiceLinks").getAsBoolean());
    assertEquals("mysql-tls-proxy:0.1.0", Manifests.container(pod).get("image").getAsString());
  }

  @Test
  void theSidecarIsRendered() throws Exception {
    List<JsonObject> manifests = rendered("mode: sidecar\n" + EVERYTHING);

    assertEquals(
        List.of(
            "Certificate",
            "ConfigMap",
            "NetworkPolicy",
            "Service",
            "Service",
            "ServiceMonitor",
            "StatefulSet"),
        kinds(manifests));
    JsonObject pod = Manifests.podOf(only("StatefulSet", manifests));
    OptionValues options = Manifests.options(pod);
    assertEquals("127.0.0.1:3306", options.get(Options.BACKEND).toString());
    assertEquals(
        Path.of("/etc/mysql-tls-proxy-rules/accounts.sql"),
        options.get(Options.ACCOUNTS).orElseThrow());
    assertEquals("Always", Manifests.container(pod).get("restartPolicy").getAsString());
    assertFalse(pod.has("securityContext"), "an fsGroup would change the database's files");
  }

  @Test
  void everyPartOfTheGatewayCanBeSwitchedOn() throws Exception {
    assertEquals(
        List.of(
            "Certificate",
            "ConfigMap",
            "Deployment",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "Service",
            "Service",
            "ServiceMonitor"),
        kinds(rendered(EVERYTHING)));
  }

  @Test
  void anEditedRuleChangesNoPod() throws Exception {
    String before = "rules: CREATE USER 'app'@'%' REQUIRE X509;\n";
    String after = "rules: CREATE USER 'new'@'%' REQUIRE X509;\n";

    assertEquals(only("Deployment", rendered(before)), only("Deployment", rendered(after)));
    assertTrue(only("ConfigMap", rendered(after)).toString().contains("'new'@"));
  }

  @Test
  void optionsComeFromTheValuesAndThePodHasMoreTimeToEndThanTheProxyToDrain() throws Exception {
    JsonObject pod =
        Manifests.podOf(
            only(
                "Deployment",
                rendered(
                    "options: {drain-timeout: 300, max-connections: 1000000,"
                        + " ssl-status: false, admin-address: '0.0.0.0:9000'}")));

    OptionValues options = Manifests.options(pod);
    assertEquals(Duration.ofMinutes(5), options.get(Options.DRAIN_TIMEOUT));
    assertEquals(1_000_000, options.get(Options.MAX_CONNECTIONS));
    assertFalse(options.get(Options.SSL_STATUS));
    assertEquals(330, pod.get("terminationGracePeriodSeconds").getAsInt());
  }

  @Test
  void valuesThatTheChartDoesNotKnowAreAnError() {
    for (String wrong :
        List.of(
            "replica: 3", "mode: both", "image: {repository: a, tag: latest}", "options: {A: 1}")) {
      assertThrows(RuntimeException.class, () -> rendered(wrong), wrong);
    }
  }

  private List<JsonObject> rendered(String values) throws IOException {
    Path file = Files.writeString(directory.resolve("values.yaml"), values);
    List<JsonObject> manifests =
        Manifests.all(
            new Helm(chart)
                .template()
                .withName("db")
                .withNamespace("data")
                .withValuesFile(file)
                .call());
    for (JsonObject manifest : manifests) {
      Manifests.check(manifest);
    }
    return manifests;
  }

  private static List<String> kinds(List<JsonObject> manifests) {
    return manifests.stream().map(each -> each.get("kind").getAsString()).sorted().toList();
  }

  private static JsonObject only(String kind, List<JsonObject> manifests) {
    return manifests.stream()
        .filter(each -> each.get("kind").getAsString().equals(kind))
        .reduce(
            (first, second) -> {
              throw new AssertionError("two of " + kind);
            })
        .orElseThrow();
  }
}
