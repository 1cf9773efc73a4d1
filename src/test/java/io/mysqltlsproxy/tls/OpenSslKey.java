package io.mysqltlsproxy.tls;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.OpenSslCommand;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/**
 * A private key that {@code openssl} writes, {@code key.pem}, and what {@code run} and {@code
 * connect} do with it. Its certificate is {@code cert.pem}.
 */
final class OpenSslKey {
  static final String PASSPHRASE = "pass:secret";
  static final String P256 = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
  static final String LEGACY = " -provider legacy -provider default";

  private final Path directory;
  private final OpenSslCommand openssl;

  OpenSslKey(Path directory) {
    this.directory = directory;
    openssl = new OpenSslCommand(directory);
  }

  void openssl(String arguments) {
    openssl.run(arguments);
  }

  /** Makes {@code cert.pem} for {@code plain.pem}. */
  void certificate() {
    openssl("req -x509 -new -key plain.pem -subj /CN=localhost -days 9 -out cert.pem");
  }

  /** Makes {@code plain.pem}, a key on P-256, and {@code cert.pem} for it. */
  void p256() {
    openssl(P256 + " -out plain.pem");
    certificate();
  }

  Path path() {
    return directory.resolve("key.pem");
  }

  String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  /** Moves another file here, to be the key. */
  void replaceBy(String name) throws IOException {
    Files.move(directory.resolve(name), path(), REPLACE_EXISTING);
  }

  private Map<String, String> flags(String passphrase) throws IOException {
    Map<String, String> flags = new TreeMap<>();
    flags.put("ssl-cert", directory.resolve("cert.pem").toString());
    flags.put("ssl-key", path().toString());
    if (!passphrase.isEmpty()) {
      Path file = Files.writeString(directory.resolve("passphrase"), passphrase + "\n");
      flags.put("ssl-key-passphrase-file", file.toString());
    }
    return flags;
  }

  /** The options of {@code run}; those without a passphrase where it is empty. */
  OptionValues run(String passphrase) throws Exception {
    return OptionSources.read(flags(passphrase), Map.of(), directory.resolve("none.cnf"));
  }

  private OptionValues connect(String passphrase) throws Exception {
    Map<String, String> flags = flags(passphrase);
    flags.put("backend", "localhost:3306");
    flags.put("ssl-mode", "REQUIRED");
    return OptionSources.read(OptionSet.CONNECT, flags, Map.of(), directory.resolve("none.cnf"));
  }

  /** Both commands make a handshake with it, each by both engines. */
  void assertServed(String passphrase) throws Exception {
    for (EngineChoice engine : EngineChoice.values()) {
      OptionValues values = run(passphrase);
      try (ServerTls server =
              ServerTls.load(
                  values, OwnCertificate.load(values), engine, "", InstantSource.system());
          Handshake handshake =
              new Handshake(
                  server,
                  TestTls.handler(
                      new TestTls(Files.createDirectories(directory.resolve("other")))
                          .client()
                          .trustManager(InsecureTrustManagerFactory.INSTANCE)))) {
        assertTrue(handshake.succeeded(), () -> "run: " + handshake.serverFailure());
      }
      Path other = Files.createDirectories(directory.resolve("server"));
      TestTls files = new TestTls(other, KeyType.EC);
      files.with("ssl-ca", directory.resolve("cert.pem").toString());
      // BoringSSL would not ask for a certificate of every kind of key.
      try (ServerTls server = files.load(EngineChoice.JDK);
          ClientSideTls client =
              ClientSideTls.load(connect(passphrase), engine, InstantSource.system());
          Handshake handshake =
              new Handshake(server, client.newHandler(UnpooledByteBufAllocator.DEFAULT, true))) {
        assertTrue(handshake.succeeded(), () -> "connect: " + handshake.serverFailure());
      }
    }
  }

  /** What both commands say. */
  String refusal(String passphrase) throws Exception {
    OptionValues values = run(passphrase);
    var run = assertThrows(OptionException.class, () -> OwnCertificate.load(values));
    OptionValues mirror = connect(passphrase);
    var connect = assertThrows(OptionException.class, () -> OwnCertificate.loadIfGiven(mirror));
    assertEquals(run.getMessage(), connect.getMessage());
    return String.valueOf(run.getMessage());
  }

  /** What {@code run} says; empty where it takes the key. */
  String problem(String passphrase) throws Exception {
    try {
      var unused = OwnCertificate.load(run(passphrase));
      return "";
    } catch (OptionException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Runs the command that a message ends with, and takes what it makes for the key. */
  void followHint(String message, String more) throws Exception {
    String command = message.substring(message.lastIndexOf(": openssl ") + ": openssl ".length());
    openssl(command + more);
    replaceBy("NEW.pem");
  }
}
