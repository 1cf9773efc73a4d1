package io.mysqltlsproxy.it;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Certificates that other tools renew. Each writes its files as the tool does: the same steps, in
 * the same order, with the same modes. Meanwhile clients log in, and none notices.
 */
class CertificateToolsIT {
  private static final int RENEWALS = 3;
  private static final int LOGINS_A_RENEWAL = 5;

  private final ProxyCertificates certificates = ProxyCertificates.shared();
  private final Path directory;

  CertificateToolsIT(@TempDir Path directory) {
    this.directory = directory;
  }

  /** How a tool names its files, and replaces them. */
  private enum Tool {
    /**
     * Overwrites the files in place, one after the other: certificate, key, CAs. Source: {@code
     * WriteX509Context} of spiffe-helper, pkg/disk/x509.go, which calls Go's {@code os.WriteFile}.
     */
    SPIFFE_HELPER("svid.pem", "svid_key.pem", "svid_bundle.pem") {
      @Override
      void write(Path directory, int renewal, Map<String, String> files) throws IOException {
        for (String name : new String[] {certificate, key, authorities}) {
          Path file = directory.resolve(name);
          Files.writeString(file, text(files, name), CREATE, WRITE, TRUNCATE_EXISTING);
          Files.setPosixFilePermissions(
              file, PosixFilePermissions.fromString(name.equals(key) ? "rw-------" : "rw-r--r--"));
        }
      }
    },

    /**
     * Renames a temporary file over each, a template at a time. Source: {@code AtomicWrite} of
     * consul-template, renderer/renderer.go, which Vault's agent renders with.
     */
    VAULT_AGENT("server.pem", "server-key.pem", "ca.pem") {
      @Override
      void write(Path directory, int renewal, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
          Path written = Files.createTempFile(directory, "", "");
          Files.writeString(written, file.getValue());
          Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
          Files.move(written, directory.resolve(file.getKey()), ATOMIC_MOVE);
        }
      }
    },

    /**
     * Writes all files into a new directory, to which the link {@code ..data} then turns. Source:
     * {@code AtomicWriter.Write} of cert-manager's csi-lib, third_party/util/atomic_writer.go,
     * which is the kubelet's.
     */
    CERT_MANAGER_CSI("tls.crt", "tls.key", "ca.crt") {
      @Override
      void write(Path directory, int renewal, Map<String, String> files) throws IOException {
        Path data = directory.resolve("..data");
        Path old = Files.exists(data) ? data.toRealPath() : null;
        Path fresh = Files.createDirectory(directory.resolve("..2026_11_28_" + renewal));
        for (Map.Entry<String, String> file : files.entrySet()) {
          Path written = Files.writeString(fresh.resolve(file.getKey()), file.getValue());
          Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("r--r-----"));
        }
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), fresh.getFileName());
        Files.move(link, data, ATOMIC_MOVE);
        for (String name : files.keySet()) {
          if (Files.notExists(directory.resolve(name))) {
            Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
          }
        }
        if (old != null) {
          for (String name : files.keySet()) {
            Files.delete(old.resolve(name));
          }
          Files.delete(old);
        }
      }
    },

    /**
     * Keeps every version in {@code archive}, and turns a link to each file: it deletes the old
     * link, and makes the new one. For a moment there is none. Source: {@code
     * RenewableCert._update_link_to} of certbot, certbot/_internal/storage.py.
     */
    CERTBOT("live/fullchain.pem", "live/privkey.pem", "live/chain.pem") {
      @Override
      void write(Path directory, int renewal, Map<String, String> files) throws IOException {
        Files.createDirectories(directory.resolve("live"));
        Path archive = Files.createDirectories(directory.resolve("archive"));
        for (Map.Entry<String, String> file : files.entrySet()) {
          Path written =
              Files.writeString(version(archive, file.getKey(), renewal), file.getValue());
          if (file.getKey().equals(key)) {
            Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
          }
        }
        for (String name : new String[] {key, authorities, certificate}) {
          Path link = directory.resolve(name);
          Files.deleteIfExists(link);
          Path version = version(archive, name, renewal).getFileName();
          Files.createSymbolicLink(link, Path.of("..", "archive", version.toString()));
        }
      }

      private Path version(Path archive, String name, int renewal) {
        String file = Path.of(name).getFileName().toString();
        return archive.resolve(file.replace(".pem", renewal + ".pem"));
      }
    };

    final String certificate;
    final String key;
    final String authorities;

    Tool(String certificate, String key, String authorities) {
      this.certificate = certificate;
      this.key = key;
      this.authorities = authorities;
    }

    /** Puts the files there, each by its name, or replaces those that are there. */
    abstract void write(Path directory, int renewal, Map<String, String> files) throws IOException;

    private static String text(Map<String, String> files, String name) {
      return files.getOrDefault(name, "");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheToolHasRenewedIsTakenAndNoLoginFails(Tool tool) throws Exception {
    renew(tool, 0);
    try (RunningProxy proxy = proxyWithTheFilesOf(tool)) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger logins = new AtomicInteger();
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  try (RawClient client = logIn(proxy)) {
                    client.run("DO 1");
                    logins.incrementAndGet();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }
              });

      for (int renewal = 1; renewal <= RENEWALS; renewal++) {
        BigInteger serial = renew(tool, renewal);
        Await.assertBecomes(serial, () -> serial(proxy));
        int before = logins.get();
        assertTrue(Await.until(() -> load.isDone() || logins.get() > before + LOGINS_A_RENEWAL));
      }

      over.set(true);
      load.get(1, TimeUnit.MINUTES);
    }
  }

  /** A bundle of SPIFFE changes when a trust domain rotates its keys. */
  @Test
  void aBundleThatSpiffeHelperHasRewrittenIsWhatClientsAreTrustedBy() throws Exception {
    renew(Tool.SPIFFE_HELPER, 0);
    CertificateAuthority rotated = CertificateAuthority.create("CN=Rotated CA", KeyType.EC);
    try (RunningProxy proxy = proxyWithTheFilesOf(Tool.SPIFFE_HELPER)) {
      Issued server = certificates.authority().issueServer("localhost", KeyType.EC);
      String both = certificates.authority().issued().chainPem() + rotated.issued().chainPem();
      Tool.SPIFFE_HELPER.write(directory, 1, files(Tool.SPIFFE_HELPER, server, both));
      Await.assertBecomes(server.certificate().getSerialNumber(), () -> serial(proxy));

      Issued client = rotated.issueClient("CN=laura", KeyType.EC);
      RawClient.loggedIn(proxy.address(), ClientTls.of(client), "root").close();
      logIn(proxy).close();
    }
  }

  private RunningProxy proxyWithTheFilesOf(Tool tool) {
    return RunningProxy.before(
        Servers.mysql55().address(),
        "ssl-cert=" + directory.resolve(tool.certificate),
        "ssl-key=" + directory.resolve(tool.key),
        "ssl-ca=" + directory.resolve(tool.authorities),
        "require=X509");
  }

  /** Returns the serial number of the new certificate. */
  private BigInteger renew(Tool tool, int renewal) throws IOException {
    Issued next = certificates.authority().issueServer("localhost", KeyType.EC);
    tool.write(directory, renewal, files(tool, next, certificates.authority().issued().chainPem()));
    return next.certificate().getSerialNumber();
  }

  private static Map<String, String> files(Tool tool, Issued server, String authorities) {
    return new TreeMap<>(
        Map.of(
            tool.certificate,
            server.chainPem(),
            tool.key,
            server.keyPem(),
            tool.authorities,
            authorities));
  }

  private static RawClient logIn(RunningProxy proxy) throws IOException {
    return RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root");
  }

  private static BigInteger serial(RunningProxy proxy) throws IOException {
    try (RawClient client = proxy.encrypt()) {
      X509Certificate certificate =
          (X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
      return certificate.getSerialNumber();
    }
  }
}
