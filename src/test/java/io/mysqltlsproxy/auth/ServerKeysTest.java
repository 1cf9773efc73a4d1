package io.mysqltlsproxy.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The server's RSA key: pinned by a file, or watched for a change. */
class ServerKeysTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("authentication");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Path directory;

  ServerKeysTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeEach
  void listen() {
    log.start();
    logger.setAdditive(false);
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
    logger.setAdditive(true);
  }

  @Test
  void everyChangeIsWarnedOfOnceWithBothFingerprints() throws Exception {
    byte[] first = ServerKey.ofBits(1024).pem();
    byte[] second = ServerKey.ofBits(1024).pem();
    ServerKeys keys = new ServerKeys(Optional.empty());

    for (byte[] sent : List.of(first, first, second, second, first)) {
      keys.sent(sent);
    }

    String firstPrint = RsaKey.ofPem(first).fingerprint();
    String secondPrint = RsaKey.ofPem(second).fingerprint();
    assertEquals(2, log.list.size(), log.list.toString());
    assertTrue(
        message(0).contains("changed from " + firstPrint + " to " + secondPrint), message(0));
    assertTrue(
        message(1).contains("changed from " + secondPrint + " to " + firstPrint), message(1));
  }

  @Test
  void aFileWithTheServersKeyPinsIt() throws Exception {
    ServerKey key = ServerKey.ofBits(1024);

    ServerKeys keys = load(Files.write(directory.resolve("public_key.pem"), key.pem()));

    assertEquals(Optional.of(RsaKey.ofPem(key.pem())), keys.pinned());
  }

  @Test
  void withoutAFileNoneIsPinned() throws Exception {
    assertEquals(Optional.empty(), ServerKeys.load(values(Map.of())).pinned());
  }

  @Test
  void aFileThatIsNotThereIsAnErrorOfTheOption() {
    assertEquals(
        "--backend-public-key-file=" + file() + ": no such file; check the path", refusal());
  }

  @Test
  void aPrivateKeyInItsPlaceIsNamed() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    write("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());

    assertTrue(refusal().contains("holds a private key instead of one public key"), refusal());
  }

  @Test
  void aKeyOfAnotherKindIsNamed() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    write("PUBLIC KEY", generator.generateKeyPair().getPublic().getEncoded());

    assertTrue(refusal().contains("holds no RSA key that can be used; give"), refusal());
  }

  private void write(String type, byte[] der) throws Exception {
    String base64 = Base64.getMimeEncoder().encodeToString(der);
    String pem = "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    Files.write(file(), pem.getBytes(US_ASCII));
  }

  private Path file() {
    return directory.resolve("key.pem");
  }

  private String refusal() {
    return String.valueOf(assertThrows(OptionException.class, () -> load(file())).getMessage());
  }

  private ServerKeys load(Path file) throws OptionException {
    return ServerKeys.load(values(Map.of("backend-public-key-file", file.toString())));
  }

  private OptionValues values(Map<String, String> flags) throws OptionException {
    return OptionSources.read(flags, Map.of(), directory.resolve("no-option-file.cnf"));
  }

  private String message(int index) {
    return log.list.get(index).getFormattedMessage();
  }
}
