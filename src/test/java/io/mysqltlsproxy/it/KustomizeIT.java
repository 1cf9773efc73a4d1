package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code conf/kubernetes}, put together by {@code kubectl kustomize}, which needs no cluster. */
class KustomizeIT {
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
  void theSidecarIsPutTogetherAndRestartsWhenItsRulesChange() {
    String sidecar = built("sidecar");

    assertEquals(
        List.of("Certificate", "ConfigMap", "NetworkPolicy", "Service", "StatefulSet"),
        found(KIND, sidecar));
    // Kustomize has given the map a name that its content is part of, and the pod asks for that.
    List<String> rules = found(RULES, sidecar);
    assertEquals(2, rules.size(), sidecar);
    assertTrue(rules.get(0).matches("mysql-tls-proxy-rules-\\w{10}"), rules::toString);
    assertEquals(rules.get(0), rules.get(1));
  }

  private static String built(String name) {
    Tool.Result built = Tool.run("kubectl", "kustomize", "conf/kubernetes/" + name);
    assertEquals(0, built.status(), built::error);
    return built.text();
  }

  private static List<String> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.results().map(match -> match.group(1)).sorted().toList();
  }
}
