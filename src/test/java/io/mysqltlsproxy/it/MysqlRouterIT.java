package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/** MySQL Router 9.7 between the client and the proxy, passing TLS through. */
class MysqlRouterIT {
  private static final String IMAGE = "mysql-router:9.7";

  @BeforeAll
  static void thereIsARouter() {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers");
    try {
      DockerClientFactory.lazyClient().inspectImageCmd(IMAGE).exec();
    } catch (NotFoundException e) {
      Assumptions.abort("there is no image " + IMAGE);
    }
  }

  @Test
  void aClientLogsInThroughTheRouterToTheOldestServer() throws Exception {
    MariaDbCli client = new MariaDbCli();
    client.unavailable().ifPresent(Assumptions::abort);
    int port = FreePort.find();
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address());
        GenericContainer<?> router = router(port, proxy.port())) {
      router.start();

      Login login = new Login(port, "root", "", Optional.of(ProxyCertificates.shared()));
      List<String> lines =
          client.query(login, "SELECT VERSION()", "SHOW STATUS LIKE 'Ssl_version'");

      assertEquals("5.5.9", lines.get(0), router::getLogs);
      assertTrue(lines.get(1).startsWith("Ssl_version\tTLSv1."), lines.toString());
    }
  }

  private static GenericContainer<?> router(int port, int proxyPort) throws IOException {
    String configuration =
        """
        [logger]
        level = INFO
        sinks = consolelog
        [routing:proxy]
        bind_address = 127.0.0.1
        bind_port = %d
        destinations = 127.0.0.1:%d
        routing_strategy = first-available
        protocol = classic
        client_ssl_mode = PASSTHROUGH
        server_ssl_mode = AS_CLIENT
        """
            .formatted(port, proxyPort);
    return new GenericContainer<>(IMAGE)
        .withNetworkMode("host")
        .withCopyToContainer(Transferable.of(configuration), "/router.conf")
        .withCommand("-c", "/router.conf")
        .waitingFor(Wait.forLogMessage(".*started: routing strategy.*|.*[Ss]tart accepting.*", 1));
  }
}
