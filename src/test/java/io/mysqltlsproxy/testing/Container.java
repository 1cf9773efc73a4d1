package io.mysqltlsproxy.testing;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** Official images with TLS off, on a port of 127.0.0.1. */
public enum Container {
  MYSQL_9_7("MySQL 9.7", "mysql:9.7", "MYSQL_ALLOW_EMPTY_PASSWORD", "--tls-version="),
  MARIADB_11_8("MariaDB 11.8", "mariadb:11.8", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "--skip-ssl");

  private static final int MYSQL_PORT = 3306;

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
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withEnv(allowEmptyPassword, "1")
            .withCommand(noTls)
            .withExposedPorts(MYSQL_PORT)
            .withCreateContainerCmdModifier(
                command -> command.withHostConfig(onLoopback(command.getHostConfig())));
    container.start();
    return new RunningServer(
        product,
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), container.getMappedPort(MYSQL_PORT)),
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
