package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What MariaDB's client 11.8 accepts, as docs/compatibility.md says it: with and without {@code
 * --ssl-ca}, and with and without the CA in the chain that the proxy sends. 127.0.0.2 stands for
 * another machine: to the client only 127.0.0.1 is its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MariaDbVerificationIT {
  private static final String REMOTE = "127.0.0.2";

  private final ClientImage mariaDb = new ClientImage("mariadb:11.8");
  private final Path directory;
  private final List<ProxyProcess> proxies = new ArrayList<>();
  private final Map<String, Integer> ports;

  MariaDbVerificationIT(@TempDir Path directory) throws Exception {
    mariaDb.unavailable().ifPresent(Assumptions::abort);
    this.directory = directory;
    CertificateAuthority ca = CertificateAuthority.create("CN=The CA", KeyType.EC);
    ca.issued().writeCertificate(directory.resolve("ca.pem"));
    CertificateAuthority.create("CN=Another CA", KeyType.EC)
        .issued()
        .writeCertificate(directory.resolve("another-ca.pem"));
    Issued right = ca.certificate("CN=proxy").ip(REMOTE).issue();
    Issued other = ca.certificate("CN=proxy").dns("elsewhere.example.com").issue();
    ports =
        Map.of(
            "leaf", start("leaf", right.certificatePem(), right),
            "leaf of another name", start("named", other.certificatePem(), other),
            "leaf and CA",
                start("chain", right.certificatePem() + ca.issued().certificatePem(), right));
  }

  private int start(String name, String chain, Issued issued) throws Exception {
    Path certificate = Files.writeString(directory.resolve(name + "-cert.pem"), chain);
    Path key = Issued.writeSecret(directory.resolve(name + "-key.pem"), issued.keyPem());
    int port = FreePort.find();
    List<String> options =
        ProxyProcess.options(
            "127.0.0.1:" + Servers.mysql55().address().getPort(),
            "bind-address=*",
            "port=" + port,
            "ssl-cert=" + certificate,
            "ssl-key=" + key);
    ProxyProcess proxy = ProxyProcess.start(options);
    proxies.add(proxy);
    proxy.ready();
    return port;
  }

  @BeforeAll
  void createTheUsers() {
    TestServer server = Servers.mysql55();
    server.sql(
        "GRANT USAGE ON *.* TO 'with_password'@'%' IDENTIFIED BY 'secret'",
        "GRANT USAGE ON *.* TO 'without'@'%'");
  }

  @AfterAll
  void end() throws IOException {
    for (ProxyProcess proxy : proxies) {
      proxy.close();
    }
    mariaDb.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          leaf                 | 127.0.0.2 | with_password |                          | cert is OK
          leaf                 | 127.0.0.2 | with_password | --ssl-verify-server-cert | cert is OK
          leaf of another name | 127.0.0.2 | with_password | --ssl-verify-server-cert | cert is OK
          leaf and CA          | 127.0.0.2 | with_password |                          | The certificate is NOT trusted
          leaf and CA          | 127.0.0.1 | with_password | --ssl-verify-server-cert | cert is OK
          leaf                 | 127.0.0.2 | without       |                          | cert is UNKNOWN
          leaf                 | 127.0.0.2 | without       | --ssl-verify-server-cert | unable to get local issuer certificate
          leaf and CA          | 127.0.0.2 | without       | --ssl-verify-server-cert | self-signed certificate in certificate chain
          leaf                 | 127.0.0.2 | with_password | --ssl-ca=ca.pem          | cert is OK
          leaf and CA          | 127.0.0.2 | with_password | --ssl-ca=ca.pem          | cert is OK
          leaf                 | 127.0.0.2 | with_password | --ssl-ca=another-ca.pem  | unable to get local issuer certificate
          leaf of another name | 127.0.0.2 | with_password | --ssl-ca=ca.pem          | Hostname verification failed
          leaf of another name | 127.0.0.1 | with_password | --ssl-ca=ca.pem          | cert is OK
          """)
  void onlyAClientThatIsGivenTheCaVerifies(
      String chain, String host, String user, @Nullable String option, String outcome)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("mariadb", "--no-defaults", "--host=" + host));
    command.addAll(List.of("--port=" + ports.get(chain), "--user=" + user, "--execute=\\s"));
    if (user.equals("with_password")) {
      command.add("--password=secret");
    }
    if (option != null) {
      command.add(option.replace("ca=", "ca=" + directory + "/"));
    }

    Tool.Result result = mariaDb.run(command, Map.of());

    String printed = result.text() + result.error();
    assertTrue(printed.contains(outcome), printed);
  }
}
