package io.mysqltlsproxy.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One version in all that a release publishes. It stands in {@code pom.xml} as it will be released,
 * without {@code -SNAPSHOT}: the manifests that users copy name an image, and one of a snapshot is
 * in no registry.
 */
class VersionsTest {

  @ParameterizedTest
  @CsvSource({
    "bench/pom.xml, <artifactId>mysql-tls-proxy-bench</artifactId>\\s*<version>(.+?)<",
    "Dockerfile, ^ARG VERSION=(.+)$",
    "conf/helm/mysql-tls-proxy/Chart.yaml, ^version: (.+)$",
    "conf/helm/mysql-tls-proxy/Chart.yaml, ^appVersion: \"(.+)\"$",
    "conf/kubernetes/gateway/kustomization.yaml, newTag: (.+)$",
    "conf/kubernetes/sidecar/kustomization.yaml, newTag: (.+)$",
    "CHANGELOG.md, '^## (\\S+), '",
  })
  void theVersionIsThePoms(Path file, String where) throws IOException {
    assertEquals(PomVersion.read(), PomVersion.first(file, where));
  }

  @Test
  void itIsNoSnapshot() throws IOException {
    assertTrue(PomVersion.read().matches("\\d+\\.\\d+\\.\\d+"), PomVersion.read());
  }

  @Test
  void theDayOfTheReleaseIsThatOfTheFilesInIt() throws IOException {
    assertEquals(PomVersion.day(), PomVersion.first(Path.of("CHANGELOG.md"), "^## \\S+, (\\S+)$"));
  }
}
