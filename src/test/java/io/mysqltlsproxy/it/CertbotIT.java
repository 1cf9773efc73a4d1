package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Docker;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that certbot gets from an ACME server and renews, in its own directory. */
class CertbotIT {
  private static final String IMAGE = "mysql-tls-proxy-certbot:it";
  private static final String NAME = "db.example.com";
  private static final String THERE = "/etc/letsencrypt";

  private final Path directory;
  private String container = "";

  CertbotIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeEach
  void startTheAuthority() throws IOException {
    Docker.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    Docker.run("build", "--quiet", "--tag=" + IMAGE, "src/test/docker/certbot");
    String user = Files.getAttribute(directory, "unix:uid") + ":0";
    container =
        Docker.run(
            "run",
            "--detach",
            "--rm",
            "--network=none",
            "--user=" + user,
            "--volume=" + directory + ":" + THERE,
            IMAGE);
    Docker.await(
        () -> Docker.succeeds("exec", container, "bash", "-c", "exec 3<>/dev/tcp/localhost/14000"));
  }

  @AfterEach
  void stopTheAuthority() {
    if (!container.isEmpty()) {
      Docker.succeeds("rm", "--force", container);
    }
  }

  @Test
  void whatCertbotHasRenewedIsUsedWithoutARestart() throws Exception {
    certbot(
        "certonly",
        "--domain=" + NAME,
        "--standalone",
        "--http-01-port=5002",
        "--server=https://localhost:14000/dir",
        "--agree-tos",
        "--register-unsafely-without-email");
    Path live = directory.resolve("live").resolve(NAME);
    try (RunningProxy proxy =
        RunningProxy.before(
            Servers.mysql55().address(),
            "ssl-cert=" + live.resolve("fullchain.pem"),
            "ssl-key=" + live.resolve("privkey.pem"))) {
      BigInteger first = serial(proxy);
      assertEquals(first, serial(live));

      certbot("renew", "--force-renewal", "--no-random-sleep-on-renew");

      assertNotEquals(first, serial(live));
      Await.assertBecomes(serial(live), () -> serial(proxy));
    }
  }

  private void certbot(String command, String... flags) {
    List<String> typed = new ArrayList<>(List.of("exec", container, "certbot", command));
    typed.addAll(List.of(flags));
    typed.addAll(List.of("--non-interactive", "--no-verify-ssl"));
    typed.addAll(List.of("--config-dir=" + THERE, "--work-dir=/tmp/w", "--logs-dir=/tmp/l"));
    Docker.run(typed.toArray(String[]::new));
  }

  private static BigInteger serial(Path live) throws Exception {
    try (InputStream pem = Files.newInputStream(live.resolve("cert.pem"))) {
      return ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem))
          .getSerialNumber();
    }
  }

  private static BigInteger serial(RunningProxy proxy) throws IOException {
    try (RawClient client = proxy.encrypt()) {
      return ((X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0])
          .getSerialNumber();
    }
  }
}
