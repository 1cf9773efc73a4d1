package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.mysqltlsproxy.check.DryRun;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.pem.CertificateReader;
import io.mysqltlsproxy.tls.Handshake;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.TestTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What {@code check --client-cert} says of a client is what {@code run} does with it. */
class CheckAndRunTest {
  private static final int CASES = Integer.getInteger("pki.handshakes", 300);

  /** Others than those that are put to OpenSSL. */
  private static final int FIRST = Integer.getInteger("pki.first", 1_000_000);

  /** A refusal by BoringSSL, which gives no reason that {@code check} could give. */
  private static final String NOT_OURS = "BoringSSL: ";

  @TempDir private Path directory = Path.of("");

  /** Of what will be refused it warns. */
  @BeforeEach
  void mute() {
    logger().setLevel(Level.OFF);
  }

  @AfterEach
  void unmute() {
    logger().setLevel(null);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ClientCertificates.class);
  }

  @Test
  void checkSaysOfEveryGeneratedClientWhatRunDoesWithIt() throws Exception {
    TestTls files = new TestTls(directory);
    List<String> disagreements = new ArrayList<>();
    int admitted = 0;
    for (int number = FIRST; number < FIRST + CASES; number++) {
      PkiCase pki = PkiGenerator.make(number);
      if (!pki.all().stream().allMatch(PkiCertificate::isReadable)) {
        continue; // this test's own client could not send it
      }
      OptionValues values = write(files, pki);
      String check = check(values);
      String run = run(files, values, pki, number % 2 == 0 ? "TLSv1.2" : "TLSv1.3");
      admitted += check.isEmpty() ? 1 : 0;
      boolean agreed = run.startsWith(NOT_OURS) ? !check.isEmpty() : check.equals(run);
      if (!agreed) {
        disagreements.add(
            "== case %d%n%s%ncheck: %s%nrun: %s%n"
                .formatted(number, pki.description(), check, run));
      }
    }
    assertEquals(
        List.of(),
        disagreements.subList(0, Math.min(10, disagreements.size())),
        () -> disagreements.size() + " disagreements");
    assertTrue(admitted > CASES / 10, "too few are admitted to tell: " + admitted);
  }

  private OptionValues write(TestTls files, PkiCase pki) throws IOException, OptionException {
    files.with("ssl-ca", write("case-ca.pem", "CERTIFICATE", pki.trusted()));
    write("client.pem", "CERTIFICATE", pki.sent());
    if (pki.crls().isEmpty()) {
      files.without("ssl-crl");
    } else {
      files.with("ssl-crl", write("crl.pem", "X509 CRL", pki.crls()));
    }
    return files.values();
  }

  private String write(String name, String type, List<byte[]> all) throws IOException {
    return Files.writeString(directory.resolve(name), OpenSslOracle.pem(type, all)).toString();
  }

  /** Why not; empty where it is admitted. */
  private String check(OptionValues values) {
    try (ServerTls startable = ServerTls.load(values)) {
      assertNotNull(startable);
      return new DryRun(
              "laura",
              "localhost",
              Optional.of(directory.resolve("client.pem")),
              Optional.empty(),
              false)
          .run(values)
          .reason();
    } catch (OptionException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Why not; empty where it is admitted. */
  private static String run(TestTls files, OptionValues values, PkiCase pki, String version)
      throws CertificateException, SSLException {
    List<X509Certificate> chain = new ArrayList<>();
    for (byte[] der : pki.sent()) {
      chain.add(CertificateReader.read(der));
    }
    try (ServerTls server = ServerTls.load(values);
        Handshake handshake =
            new Handshake(
                server,
                TestTls.handler(
                    files
                        .client()
                        .protocols(version)
                        .keyManager(
                            new FixedKey(
                                pki.ownKey().getPrivate(),
                                chain.toArray(X509Certificate[]::new)))))) {
      if (handshake.succeeded()) {
        return handshake.session().clientCertificate().isPresent() ? "" : NOT_OURS + "sends none";
      }
      Throwable cause = handshake.serverFailure();
      for (Throwable each = cause; each != null; each = each.getCause()) {
        if (each instanceof CertificateException) {
          return String.valueOf(each.getMessage());
        }
      }
      return NOT_OURS + cause;
    } catch (OptionException e) {
      return NOT_OURS + e.getMessage();
    }
  }
}
