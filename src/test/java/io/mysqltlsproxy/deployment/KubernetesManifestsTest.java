package io.mysqltlsproxy.deployment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code conf/kubernetes} against the types of Kubernetes and cert-manager, and the options. */
class KubernetesManifestsTest {
  private static final Path ROOT = Path.of("conf", "kubernetes");

  /** A type's check: an unknown field, or one that is missing or of another type, is an error. */
  private interface Schema {
    void check(JsonElement manifest) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "apps/v1 StatefulSet", V1StatefulSet::validateJsonElement,
          "cert-manager.io/v1 Certificate", CertManager::checkCertificate,
          "cert-manager.io/v1 Issuer", CertManager::checkIssuer,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement);

  /** A kustomization is read by {@code kubectl}. */
  private static final String KUSTOMIZATION = "kustomize.config.k8s.io/v1beta1 Kustomization";

  @ParameterizedTest
  @MethodSource("files")
  void everyFieldIsOneOfItsType(Path file) throws IOException {
    JsonObject manifest = read(file);
    String type = type(manifest);
    if (type.equals(KUSTOMIZATION)) {
      return;
    }
    Schema schema = SCHEMAS.get(type);
    if (schema == null) {
      fail(file + " is of an unexpected type, " + type);
      return;
    }
    assertDoesNotThrow(() -> schema.check(manifest));
  }

  @Test
  void aMisspeltFieldDeepDownIsSeen() throws IOException {
    JsonObject manifest = read(ROOT.resolve("gateway/deployment.yaml"));
    container(podOf(manifest)).addProperty("readynessProbe", "none");

    assertThrows(IllegalArgumentException.class, () -> V1Deployment.validateJsonElement(manifest));
  }

  @Test
  void aMisspeltFieldOfACertificateIsSeen() throws IOException {
    JsonObject manifest = read(ROOT.resolve("sidecar/certificate.yaml"));
    manifest.getAsJsonObject("spec").getAsJsonObject("issuerRef").addProperty("knd", "Issuer");

    assertThrows(IOException.class, () -> CertManager.checkCertificate(manifest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway/deployment.yaml", "sidecar/statefulset.yaml"})
  void thePodHasMoreTimeToEndThanTheProxyToDrain(String file) throws Exception {
    JsonObject pod = podOf(read(ROOT.resolve(file)));

    long drain = options(pod).get(Options.DRAIN_TIMEOUT).toSeconds();
    assertTrue(pod.get("terminationGracePeriodSeconds").getAsLong() > drain + 10, pod::toString);
  }

  /** Of the name by which the pages say how to make it; it is in no repository. */
  @Test
  void theReplicasHaveTheirTicketKeysFromOneSecret() throws Exception {
    JsonObject pod = podOf(read(ROOT.resolve("gateway/deployment.yaml")));
    Path keys = options(pod).get(Options.TLS_TICKET_KEY_FILE).orElseThrow();
    JsonObject mount = named(container(pod), "volumeMounts", "ticket-keys");
    JsonObject secret = named(pod, "volumes", "ticket-keys").getAsJsonObject("secret");

    assertEquals(Path.of(mount.get("mountPath").getAsString(), "ticket.keys"), keys);
    String make =
        "kubectl create secret generic "
            + secret.get("secretName").getAsString()
            + " --from-file="
            + keys.getFileName();
    for (Path page :
        List.of(Path.of("docs", "deployment.md"), ROOT.resolve("gateway/kustomization.yaml"))) {
      assertTrue(Files.readString(page).contains(make), page + " does not say: " + make);
    }
  }

  @Test
  void theSidecarStartsBeforeTheServerAndEndsAfterIt() throws IOException {
    JsonObject pod = podOf(read(ROOT.resolve("sidecar/statefulset.yaml")));

    assertEquals("Always", container(pod).get("restartPolicy").getAsString());
    assertTrue(container(pod).has("startupProbe"), pod::toString);
  }

  /** A variable of a Service could else be taken for an option. */
  @ParameterizedTest
  @ValueSource(strings = {"gateway/deployment.yaml", "sidecar/statefulset.yaml"})
  void noServiceOfTheNamespacePutsVariablesIntoThePod(String file) throws IOException {
    assertFalse(podOf(read(ROOT.resolve(file))).get("enableServiceLinks").getAsBoolean());
  }

  /** cert-manager: do not trust the {@code ca.crt} beside a certificate. */
  @ParameterizedTest
  @ValueSource(strings = {"gateway/deployment.yaml", "sidecar/statefulset.yaml"})
  void theAuthorityOfTheClientsDoesNotComeFromTheProxysOwnSecret(String file) throws Exception {
    JsonObject pod = podOf(read(ROOT.resolve(file)));
    Path authority = options(pod).get(Options.SSL_CA).orElseThrow();
    JsonObject mount = named(container(pod), "volumeMounts", "ca");

    assertEquals(Path.of(mount.get("mountPath").getAsString(), "ca.crt"), authority);
    assertTrue(named(pod, "volumes", "ca").has("configMap"), pod::toString);
  }

  /** It would make the kubelet change the group of every file of the database. */
  @Test
  void theGroupOfTheDatabasesFilesIsLeftAlone() throws IOException {
    JsonObject pod = podOf(read(ROOT.resolve("sidecar/statefulset.yaml")));

    assertFalse(pod.has("securityContext"), pod::toString);
  }

  @Test
  void proxiesThatAreNotReadyDoNotKeepANodeFromBeingDrained() throws IOException {
    JsonObject budget = read(ROOT.resolve("gateway/poddisruptionbudget.yaml"));

    assertEquals(
        "AlwaysAllow",
        budget.getAsJsonObject("spec").get("unhealthyPodEvictionPolicy").getAsString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "issuer", "sidecar"})
  void theKustomizationNamesEveryFile(String name) throws IOException {
    JsonObject kustomization = read(ROOT.resolve(name).resolve("kustomization.yaml"));

    List<String> named =
        kustomization.getAsJsonArray("resources").asList().stream()
            .map(JsonElement::getAsString)
            .sorted()
            .toList();

    try (Stream<Path> files = Files.list(ROOT.resolve(name))) {
      assertEquals(
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".yaml") && !file.equals("kustomization.yaml"))
              .sorted()
              .toList(),
          named);
    }
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static JsonObject read(Path file) throws IOException {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    Object tree = yaml.load(Files.readString(file));
    return new Gson().toJsonTree(tree).getAsJsonObject();
  }

  private static String type(JsonObject manifest) {
    return manifest.get("apiVersion").getAsString() + " " + manifest.get("kind").getAsString();
  }

  private static JsonObject podOf(JsonObject manifest) {
    return manifest.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec");
  }

  /** What the proxy's environment says. */
  private static OptionValues options(JsonObject pod) throws OptionException {
    Map<String, String> environment = new HashMap<>();
    container(pod)
        .getAsJsonArray("env")
        .forEach(
            each ->
                environment.put(
                    each.getAsJsonObject().get("name").getAsString(),
                    each.getAsJsonObject().get("value").getAsString()));
    return OptionSources.read(Map.of(), environment, ROOT.resolve("no-file.cnf"));
  }

  private static JsonObject named(JsonObject parent, String list, String name) {
    return parent.getAsJsonArray(list).asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.get("name").getAsString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The proxy's. */
  private static JsonObject container(JsonObject pod) {
    return Stream.of("initContainers", "containers")
        .filter(pod::has)
        .flatMap(list -> pod.getAsJsonArray(list).asList().stream())
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.get("name").getAsString().equals("mysql-tls-proxy"))
        .findFirst()
        .orElseThrow();
  }
}
