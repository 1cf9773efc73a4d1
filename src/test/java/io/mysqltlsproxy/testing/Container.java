package io.mysqltlsproxy.testing;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** Official images with TLS off, on a port of 127.0.0.1. */
public enum Container {
  MYSQL_9_7("MySQL 9.7", "mysql:9.7", "MYSQL_ALLOW_EMPTY_PASSWORD", "--tls-version="),
  MARIADB_11_8("MariaDB 11.8", "mariadb:11.8", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "--skip-ssl");

  private static final int MYSQL_PORT = 3306;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String product;
  private final String image;
  private final String allowEmptyPassword;
  private final String noTls;

  Container(String product, String image, String allowEmptyPassword, String noTls) {
    this.product = product;
    this.image = image;
    this.allowEmptyPassword = allowEmptyPassword;
    this.noTls = noTls;
  }

  /** Why this server cannot run here, or empty when it can. */
  public Optional<String> unavailable() {
    return DockerClientFactory.instance().isDockerAvailable()
        ? Optional.empty()
        : Optional.of(product + " needs a Docker engine, and none answers");
  }

  /** Starts one, with {@code 'root'@'%'} without a password. */
  public TestServer start() {
    return start(noTls);
  }

  /** Starts one that offers TLS, as these images do by themselves. */
  public TestServer startWithTls() {
    return start(new String[0]);
  }

  private TestServer start(String... options) {
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withEnv(allowEmptyPassword, "1")
            .withCommand(options)
            .withExposedPorts(MYSQL_PORT)
            .withCreateContainerCmdModifier(
                command -> command.withHostConfig(onLoopback(command.getHostConfig())));
    return started(container, () -> container.getMappedPort(MYSQL_PORT));
  }

  /** Starts one that sees this machine's loopback addresses as they are, and names localhost. */
  public TestServer startOnLoopback() throws IOException {
    int port = ServerFiles.freePort();
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withEnv(allowEmptyPassword, "1")
            .withCommand(
                noTls, "--bind-address=127.0.0.1", "--port=" + port, "--skip-name-resolve=OFF")
            .withNetworkMode("host");
    TestServer server = started(container, () -> port);
    awaitListening(port);
    return server;
  }

  private static void awaitListening(int port) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (ConnectException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      }
    }
  }

  private TestServer started(GenericContainer<?> container, IntSupplier port) {
    container.start();
    return new RunningServer(
        product,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getAsInt()),
        Optional.empty(),
        container::stop);
  }

  private static HostConfig onLoopback(HostConfig config) {
    return config.withPortBindings(
        new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(MYSQL_PORT)));
  }

  @Override
  public String toString() {
    return product;
  }
}
