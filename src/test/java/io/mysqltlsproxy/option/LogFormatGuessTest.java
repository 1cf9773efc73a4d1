package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogFormatGuessTest {
  private static final Path NO_FILE = Path.of("no-option-file.cnf");

  private final Path directory;

  LogFormatGuessTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run --prot=1 --log-format=json",
        "run --log_format json --port=x",
        "run --log-format=text --log-format=JSON",
      })
  void aFlagAsksForJson(String line) {
    assertEquals(LogFormat.JSON, of(line, Map.of(), NO_FILE));
  }

  @Test
  void aFlagWinsOverTheVariableAndTheVariableOverTheFile() throws Exception {
    Path file = file("[mysql-tls-proxy]\nlog-format=json\n");
    Map<String, String> text = Map.of("MYSQL_TLS_PROXY_LOG_FORMAT", "text");
    Map<String, String> json = Map.of("MYSQL_TLS_PROXY_LOG_FORMAT", "json");

    assertEquals(LogFormat.JSON, of("run", Map.of(), file));
    assertEquals(LogFormat.TEXT, of("run", text, file));
    assertEquals(LogFormat.JSON, of("run", json, NO_FILE));
    assertEquals(LogFormat.TEXT, of("run --log-format=text", json, file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[mysql-tls-proxy]\nport=x\nlog_format = 'json'\n",
        "[mysql-tls-proxy\nlog-format=json\n",
        "log-format=json\n",
      })
  void aFileWithAWrongLineIsReadAsFarAsItGoes(String text) throws Exception {
    assertEquals(LogFormat.JSON, of("run --defaults-file=" + file(text), Map.of(), NO_FILE));
  }

  @Test
  void anIncludedFileCounts() throws Exception {
    Path inner =
        Files.writeString(directory.resolve("inner"), "[mysql-tls-proxy]\nlog-format=json");

    assertEquals(
        LogFormat.JSON,
        of(
            "run",
            Map.of("MYSQL_TLS_PROXY_DEFAULTS_FILE", file("!include " + inner).toString()),
            NO_FILE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"run", "run --log-format", "run --log-format=jso", "run --defaults-file=/x"})
  void withoutASignOfItItIsText(String line) {
    assertEquals(LogFormat.TEXT, of(line, Map.of(), NO_FILE));
  }

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("proxy.cnf"), text);
  }

  private static LogFormat of(String line, Map<String, String> environment, Path usualFile) {
    return LogFormatGuess.of(List.of(line.split(" ")), environment, usualFile);
  }
}
