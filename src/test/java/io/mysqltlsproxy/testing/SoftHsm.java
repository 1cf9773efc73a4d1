package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A token of SoftHSM, which keeps its tokens in a directory of the build's: the environment of the
 * tests names its configuration, since a library in this process reads nothing else.
 */
public final class SoftHsm implements AutoCloseable {
  public static final String PIN = "pin of the token";
  private static final String CONFIGURATION = "SOFTHSM2_CONF";

  private final String label;

  private SoftHsm(String label) {
    this.label = label;
  }

  /** Why there is none; empty where there is. */
  public static Optional<String> unavailable() {
    return module().isPresent() && System.getenv(CONFIGURATION) != null
        ? Optional.empty()
        : Optional.of("softhsm2 is not installed: src/test/bin/install-tools");
  }

  /** The library. */
  public static Optional<Path> module() {
    return List.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so").stream()
        .map(Path::of)
        .filter(Files::exists)
        .findFirst();
  }

  /** A new token, without a key. */
  public static SoftHsm create() throws IOException {
    return create("test-" + UUID.randomUUID().toString().substring(0, 8));
  }

  /** The same under a name, such as that of one that was removed. */
  public static SoftHsm create(String label) throws IOException {
    Path configuration = Path.of(System.getenv(CONFIGURATION));
    Path tokens = Files.createDirectories(configuration.resolveSibling("tokens"));
    Files.writeString(
        configuration, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    SoftHsm token = new SoftHsm(label);
    token.run("--init-token", "--free", "--label", token.label, "--so-pin", "1234", "--pin", PIN);
    return token;
  }

  /** Puts a key on it. */
  public SoftHsm put(Issued key, String object, String id) throws IOException {
    Path file = Issued.writeSecret(Files.createTempFile("key", ".pem"), key.keyPem());
    run("--import", file.toString(), "--token", label, "--label", object, "--id", id, "--pin", PIN);
    Files.delete(file);
    return this;
  }

  public String label() {
    return label;
  }

  /** Of a key on it, without a PIN. */
  public String uri(String object) {
    return "pkcs11:token=" + label + ";object=" + object + "?module-path=" + module().orElseThrow();
  }

  /** As if somebody pulled the plug. */
  public void remove() throws IOException {
    run("--delete-token", "--token", label);
  }

  private void run(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("softhsm2-util"));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(command + ": " + output);
    }
  }

  @Override
  public void close() throws IOException {
    remove();
  }
}
