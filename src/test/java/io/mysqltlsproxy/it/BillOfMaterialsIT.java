package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The SBOM that a release publishes, against the libraries that the archive has. */
class BillOfMaterialsIT {

  @Test
  void itListsEveryLibraryOfTheProgramAndNothingElse() throws IOException {
    Set<String> listed = new TreeSet<>();
    JsonNode bill = new ObjectMapper().readTree(billOfMaterials().toFile());
    for (JsonNode component : bill.get("components")) {
      listed.add(component.get("name").asText() + "-" + component.get("version").asText());
    }

    assertEquals("CycloneDX", bill.get("bomFormat").asText());
    assertEquals("mysql-tls-proxy", bill.at("/metadata/component/name").asText());
    assertEquals(libraries(), listed);
  }

  private static Path billOfMaterials() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      Optional<Path> bill =
          files.filter(file -> file.toString().endsWith("-sbom.json")).findFirst();
      assumeTrue(bill.isPresent(), "Maven was offline (-o), where the plugin makes no SBOM");
      return bill.orElseThrow();
    }
  }

  /** The jars, without the platform that some are for. */
  private static Set<String> libraries() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of("target", "lib"))) {
      return jars.map(jar -> jar.getFileName().toString())
          .map(name -> name.replaceFirst("(-(linux|osx|windows)-\\w+)?\\.jar$", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
