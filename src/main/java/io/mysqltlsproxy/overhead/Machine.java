package io.mysqltlsproxy.overhead;

import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the figures come from.
 *
 * @param facts by name, in the order to show them
 */
record Machine(Map<String, String> facts) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Machine here() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("measured at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("processor", processor());
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put(
        "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    facts.put("TLS by", OpenSsl.isAvailable() ? OpenSsl.versionString() : "the JDK");
    return new Machine(facts);
  }

  private static String processor() {
    try (var lines = Files.lines(CPU_INFO)) {
      List<String> names = lines.filter(line -> line.startsWith("model name")).limit(1).toList();
      return names.isEmpty()
          ? "unknown"
          : names.get(0).substring(names.get(0).indexOf(':') + 1).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
