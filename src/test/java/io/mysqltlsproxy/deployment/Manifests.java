package io.mysqltlsproxy.deployment;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Manifests for a cluster: their types, and what the proxy's container is told. */
final class Manifests {

  /** A type's check: an unknown field, or one that is missing or of another type, is an error. */
  private interface Schema {
    void check(JsonElement manifest) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "apps/v1 StatefulSet", V1StatefulSet::validateJsonElement,
          "cert-manager.io/v1 Certificate", CustomTypes::checkCertificate,
          "cert-manager.io/v1 Issuer", CustomTypes::checkIssuer,
          "monitoring.coreos.com/v1 ServiceMonitor", CustomTypes::checkServiceMonitor,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "v1 ConfigMap", V1ConfigMap::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement);

  private Manifests() {}

  /** The documents of a file that are not empty. */
  static List<JsonObject> all(String text) {
    List<JsonObject> manifests = new ArrayList<>();
    for (Object tree : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
      if (tree != null) {
        manifests.add(new Gson().toJsonTree(tree).getAsJsonObject());
      }
    }
    return manifests;
  }

  /**
   * Holds a manifest to its type.
   *
   * @throws IllegalArgumentException or IOException for a field that is not one of its type's
   */
  static void check(JsonObject manifest) throws IOException {
    Schema schema = SCHEMAS.get(type(manifest));
    if (schema == null) {
      throw new IllegalArgumentException("an unexpected type: " + type(manifest));
    }
    schema.check(manifest);
  }

  static String type(JsonObject manifest) {
    return manifest.get("apiVersion").getAsString() + " " + manifest.get("kind").getAsString();
  }

  static JsonObject podOf(JsonObject manifest) {
    return manifest.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec");
  }

  /** What the proxy's environment says. */
  static OptionValues options(JsonObject pod) throws OptionException {
    Map<String, String> environment = new HashMap<>();
    container(pod)
        .getAsJsonArray("env")
        .forEach(
            each ->
                environment.put(
                    each.getAsJsonObject().get("name").getAsString(),
                    each.getAsJsonObject().get("value").getAsString()));
    return OptionSources.read(Map.of(), environment, Path.of("no-file.cnf"));
  }

  static JsonObject named(JsonObject parent, String list, String name) {
    return parent.getAsJsonArray(list).asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.get("name").getAsString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The proxy's. */
  static JsonObject container(JsonObject pod) {
    return Stream.of("initContainers", "containers")
        .filter(pod::has)
        .flatMap(list -> pod.getAsJsonArray(list).asList().stream())
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.get("name").getAsString().equals("mysql-tls-proxy"))
        .findFirst()
        .orElseThrow();
  }
}
