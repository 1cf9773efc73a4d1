package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.tls.ServerTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that know another CA than the one that issued the proxy's certificate. */
class UntrustedProxyIT {
  private static final String LINE =
      "the client does not trust the proxy's certificate: give the client the CA";

  @Test
  void theLogSaysThatTheClientDoesNotTrustTheProxy(@TempDir Path directory) throws Exception {
    theLogSaysIt(directory);
  }

  @Test
  void withTheEngineOfTheJdkTheLogSaysTheSame(@TempDir Path directory) throws Exception {
    System.setProperty(ServerTls.ENGINE_PROPERTY, "jdk");
    try {
      theLogSaysIt(directory);
    } finally {
      System.clearProperty(ServerTls.ENGINE_PROPERTY);
    }
  }

  private static void theLogSaysIt(Path directory) throws Exception {
    Path ca =
        CertificateAuthority.create("CN=Another CA", KeyType.RSA)
            .issued()
            .writeCertificate(directory.resolve("another-ca.pem"));
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address());
        ClientImage mysql = new ClientImage("mysql:9.7")) {
      int port = proxy.port();
      int connections = 0;
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        List<String> mariadb = new ArrayList<>(List.of("mariadb", "--no-defaults"));
        mariadb.addAll(List.of("--host=127.0.0.1", "--port=" + port, "--user=root"));
        mariadb.addAll(List.of("--tls-version=" + version, "--ssl-ca=" + ca));
        mariadb.add("--ssl-verify-server-cert");
        new MariaDbCli().unavailable().ifPresent(Assumptions::abort);
        assertNotEquals(0, Tool.run(mariadb.toArray(String[]::new)).status());
        connections++;
        assertNotEquals(
            0,
            OpensslClient.run(
                    port,
                    version.equals("TLSv1.2") ? "-tls1_2" : "-tls1_3",
                    "-CAfile",
                    ca.toString())
                .status());
        connections++;
        if (mysql.unavailable().isEmpty()) {
          List<String> words = new ArrayList<>(List.of("mysql", "--no-defaults"));
          words.addAll(List.of("--host=127.0.0.1", "--port=" + port, "--user=root"));
          words.addAll(List.of("--tls-version=" + version, "--ssl-ca=" + ca));
          words.add("--ssl-mode=VERIFY_CA");
          assertNotEquals(0, mysql.run(words, java.util.Map.of()).status());
          connections++;
        }
      }
      int expected = connections;
      Await.until(() -> proxy.linesWith("TLS handshake failed") == expected);
      assertEquals(expected, proxy.linesWith(LINE));
      assertEquals(expected, proxy.linesWith("(alert unknown_ca)"));
    }
  }
}
