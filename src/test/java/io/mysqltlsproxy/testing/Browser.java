package io.mysqltlsproxy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium with one page, driven by the <a
 * href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>.
 */
public final class Browser implements AutoCloseable {
  private static final int SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TemporaryDirectory profile;
  private final Process process;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger lastId = new AtomicInteger();
  private @Nullable WebSocket socket;

  private Browser(TemporaryDirectory profile, Process process) {
    this.profile = profile;
    this.process = process;
  }

  /** Why there is none; empty where there is. */
  public static Optional<String> unavailable() {
    return program().isPresent()
        ? Optional.empty()
        : Optional.of("chromium is not installed: src/test/bin/install-tools");
  }

  private static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .flatMap(
            directory ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts one, which has loaded nothing. */
  public static Browser start() throws IOException, InterruptedException {
    TemporaryDirectory profile = TemporaryDirectory.create("chromium-");
    Process process =
        new ProcessBuilder(
                program().orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--hide-scrollbars",
                "--user-data-dir=" + profile.path(),
                "--remote-debugging-port=0",
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.path().resolve("log").toFile())
            .start();
    Browser browser = new Browser(profile, process);
    try {
      browser.connect();
      return browser;
    } catch (IOException | InterruptedException | RuntimeException e) {
      browser.close();
      throw e;
    }
  }

  private void connect() throws IOException, InterruptedException {
    Path port = profile.path().resolve("DevToolsActivePort");
    // Written in one go, the port on the first line.
    if (!Await.until(() -> Files.exists(port) && Files.size(port) > 0)) {
      throw new IOException(
          "chromium does not start: " + Files.readString(profile.path().resolve("log")));
    }
    HttpClient http = HttpClient.newHttpClient();
    URI list = URI.create("http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json/list");
    String targets =
        http.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body();
    String address = "";
    for (JsonNode target : JSON.readTree(targets)) {
      if (target.path("type").asText().equals("page")) {
        address = target.path("webSocketDebuggerUrl").asText();
      }
    }
    socket = http.newWebSocketBuilder().buildAsync(URI.create(address), new Listener()).join();
    call("Page.enable", Map.of());
    call("Network.enable", Map.of());
    call("Accessibility.enable", Map.of());
  }

  /** Reads whole messages. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
      message.append(text);
      if (isLast) {
        received(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void received(String message) {
    try {
      JsonNode json = JSON.readTree(message);
      if (json.has("id")) {
        CompletableFuture<JsonNode> answer = answers.remove(json.get("id").asInt());
        if (answer != null) {
          answer.complete(json);
        }
      } else if (json.path("method").asText().equals("Network.requestWillBeSent")) {
        requests.add(json.path("params").path("request").path("url").asText());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a method of the protocol, and returns its result. */
  public JsonNode call(String method, Map<String, Object> parameters) throws IOException {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    WebSocket open = socket;
    if (open == null) {
      throw new IOException("not connected");
    }
    open.sendText(message.toString(), true).join();
    JsonNode received = answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    if (received.has("error")) {
      throw new IOException(method + ": " + received.get("error"));
    }
    return received.path("result");
  }

  /** Loads a file and waits for its scripts. */
  public void open(Path page) throws IOException, InterruptedException {
    requests.clear();
    String address = page.toUri().toString();
    call("Page.navigate", Map.of("url", address));
    Await.until(
        () ->
            evaluate("document.readyState + ' ' + location.href")
                .asText()
                .equals("complete " + address));
  }

  /** What the page has asked for since it was opened, itself included. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Gives the page so many CSS pixels. */
  public void size(int width, int height) throws IOException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /**
   * Shows the page on paper or as its reader likes it.
   *
   * @param media {@code screen} or {@code print}
   * @param scheme {@code light} or {@code dark}
   */
  public void media(String media, String scheme) throws IOException {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** The value of an expression of JavaScript. */
  public JsonNode evaluate(String expression) throws IOException {
    JsonNode result =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IOException(result.get("exceptionDetails").toString());
    }
    return result.path("result").path("value");
  }

  /** Presses a key, such as {@code Tab}. */
  public void press(String key, int code) throws IOException {
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
    }
  }

  /** Writes what is visible now as PNG. */
  public void screenshot(Path file) throws IOException {
    String data = call("Page.captureScreenshot", Map.of("format", "png")).path("data").asText();
    Files.write(file, Base64.getDecoder().decode(data.getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.abort();
    }
    // Its children, too, write to the profile, and may outlive it.
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(each -> each.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).join());
    profile.close();
  }
}
