package io.mysqltlsproxy.deployment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.mysqltlsproxy.option.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code conf/kubernetes} against the types of Kubernetes and cert-manager, and the options. */
class KubernetesManifestsTest {
  private static final Path ROOT = Path.of("conf", "kubernetes");

  /** A kustomization is read by {@code kubectl}. */
  private static final String KUSTOMIZATION = "kustomize.config.k8s.io/v1beta1 Kustomization";

  @ParameterizedTest
  @MethodSource("files")
  void everyFieldIsOneOfItsType(Path file) throws IOException {
    JsonObject manifest = read(file);
    if (!Manifests.type(manifest).equals(KUSTOMIZATION)) {
      assertDoesNotThrow(() -> Manifests.check(manifest));
    }
  }

  @Test
  void aMisspeltFieldDeepDownIsSeen() throws IOException {
    JsonObject manifest = read(ROOT.resolve("gateway/deployment.yaml"));
    Manifests.container(Manifests.podOf(manifest)).addProperty("readynessProbe", "none");

    assertThrows(IllegalArgumentException.class, () -> V1Deployment.validateJsonElement(manifest));
  }

  @Test
  void aMisspeltFieldOfACertificateIsSeen() throws IOException {
    JsonObject manifest = read(ROOT.resolve("sidecar/certificate.yaml"));
    manifest.getAsJsonObject("spec").getAsJsonObject("issuerRef").addProperty("knd", "Issuer");

    assertThrows(IOException.class, () -> CustomTypes.checkCertificate(manifest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway/deployment.yaml", "sidecar/statefulset.yaml"})
  void thePodHasMoreTimeToEndThanTheProxyToDrain(String file) throws Exception {
    JsonObject pod = Manifests.podOf(read(ROOT.resolve(file)));

    long drain = Manifests.options(pod).get(Options.DRAIN_TIMEOUT).toSeconds();
    assertTrue(pod.get("terminationGracePeriodSeconds").getAsLong() > drain + 10, pod::toString);
  }

  /** Of the name by which the pages say how to make it; it is in no repository. */
  @Test
  void theReplicasHaveTheirTicketKeysFromOneSecret() throws Exception {
    JsonObject pod = Manifests.podOf(read(ROOT.resolve("gateway/deployment.yaml")));
    Path keys = Manifests.options(pod).get(Options.TLS_TICKET_KEY_FILE).orElseThrow();
    JsonObject mount = Manifests.named(Manifests.container(pod), "volumeMounts", "ticket-keys");
    JsonObject secret = Manifests.named(pod, "volumes", "ticket-keys").getAsJsonObject("secret");

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
    JsonObject pod = Manifests.podOf(read(ROOT.resolve("sidecar/statefulset.yaml")));

    assertEquals("Always", Manifests.container(pod).get("restartPolicy").getAsString());
    assertTrue(Manifests.container(pod).has("startupProbe"), pod::toString);
  }

  /** A variable of a Service could else be taken for an option. */
  @ParameterizedTest
  @ValueSource(strings = {"gateway/deployment.yaml", "sidecar/statefulset.yaml"})
  void noServiceOfTheNamespacePutsVariablesIntoThePod(String file) throws IOException {
    assertFalse(Manifests.podOf(read(ROOT.resolve(file))).get("enableServiceLinks").getAsBoolean());
  }

  /** cert-manager: do not trust the {@code ca.crt} beside a certificate. */
  @ParameterizedTest
  @ValueSource(strings = {"gateway/deployment.yaml", "sidecar/statefulset.yaml"})
  void theAuthorityOfTheClientsDoesNotComeFromTheProxysOwnSecret(String file) throws Exception {
    JsonObject pod = Manifests.podOf(read(ROOT.resolve(file)));
    Path authority = Manifests.options(pod).get(Options.SSL_CA).orElseThrow();
    JsonObject mount = Manifests.named(Manifests.container(pod), "volumeMounts", "ca");

    assertEquals(Path.of(mount.get("mountPath").getAsString(), "ca.crt"), authority);
    assertTrue(Manifests.named(pod, "volumes", "ca").has("configMap"), pod::toString);
  }

  /** It would make the kubelet change the group of every file of the database. */
  @Test
  void theGroupOfTheDatabasesFilesIsLeftAlone() throws IOException {
    JsonObject pod = Manifests.podOf(read(ROOT.resolve("sidecar/statefulset.yaml")));

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
    return Manifests.all(Files.readString(file)).get(0);
  }
}
