package io.mysqltlsproxy.testing;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/** Official images with TLS off, on a port of 127.0.0.1. */
public enum Container {
  MYSQL_9_7("MySQL 9.7", "mysql:9.7", "MYSQL_ALLOW_EMPTY_PASSWORD", "--tls-version="),
  MARIADB_11_8(
      "MariaDB 11.8",
      "mariadb:11.8",
      "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
      "--skip-ssl",
      "--plugin-load-add=auth_mysql_sha2",
      "--caching-sha2-password-auto-generate-rsa-keys=ON");

  private static final int MYSQL_PORT = 3306;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final String product;
  private final String image;
  private final String allowEmptyPassword;
  private final String options;

  Container(String product, String image, String allowEmptyPassword, String... options) {
    this.product = product;
    this.image = image;
    this.allowEmptyPassword = allowEmptyPassword;
    this.options = String.join(" ", options);
  }

  /** Why this server cannot run here, or empty when it can. */
  public Optional<String> unavailable() {
    return DockerClientFactory.instance().isDockerAvailable()
        ? Optional.empty()
        : Optional.of(product + " needs a Docker engine, and none answers");
  }

  /**
   * Starts one, with {@code 'root'@'%'} without a password. It sees its clients come from a host
   * that is not its own, and that it knows by the name {@code proxy.test}.
   *
   * @param more options of the server, e.g. {@code --skip-name-resolve=OFF}
   */
  public TestServer start(String... more) {
    return started(joined(off(), more));
  }

  /** Starts one that offers TLS, as these images do by themselves. */
  public TestServer startWithTls() {
    return started();
  }

  /**
   * Starts one that offers TLS with this certificate, and asks for those of this authority.
   *
   * @param options more of the server's
   */
  public TestServer startWithTls(ProxyCertificates certificates, String... options) {
    List<String> more = new ArrayList<>(List.of(options));
    // MariaDB's are read by mysqld, MySQL's plugins are there already.
    off().stream().filter(option -> option.contains("sha2")).forEach(more::add);
    more.add("--ssl-ca=/tls/ca.pem");
    more.add("--ssl-cert=/tls/cert.pem");
    more.add("--ssl-key=/tls/key.pem");
    return started(
        container ->
            container
                .withCopyFileToContainer(readable(certificates.ca()), "/tls/ca.pem")
                .withCopyFileToContainer(readable(certificates.serverCert()), "/tls/cert.pem")
                .withCopyFileToContainer(readable(certificates.serverKey()), "/tls/key.pem"),
        more.toArray(String[]::new));
  }

  private static MountableFile readable(Path file) {
    return MountableFile.forHostPath(file, 0644);
  }

  private TestServer started(String... chosen) {
    return started(container -> {}, chosen);
  }

  private TestServer started(Consumer<GenericContainer<?>> more, String... chosen) {
    Path sockets = socketDirectory();
    Path socket = sockets.resolve("mysqld.sock");
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withEnv(allowEmptyPassword, "1")
            .withCommand(joined(List.of(chosen), "--socket=" + socket))
            .withExtraHost("proxy.test", "host-gateway")
            .withExposedPorts(MYSQL_PORT)
            .withCreateContainerCmdModifier(
                command -> command.withHostConfig(onLoopback(command.getHostConfig(), sockets)));
    more.accept(container);
    return started(container, () -> container.getMappedPort(MYSQL_PORT), Optional.of(socket));
  }

  /** Starts one that sees this machine's loopback addresses as they are, and names localhost. */
  public TestServer startOnLoopback() throws IOException {
    int port = FreePort.find();
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withEnv(allowEmptyPassword, "1")
            .withCommand(
                joined(
                    off(), "--bind-address=127.0.0.1", "--port=" + port, "--skip-name-resolve=OFF"))
            .withNetworkMode("host");
    TestServer server = started(container, () -> port, Optional.empty());
    awaitListening(port);
    return server;
  }

  /** What {@code docker run} needs for one that listens on this port of 127.0.0.1. */
  List<String> arguments(int port, String... more) {
    List<String> arguments = new ArrayList<>(List.of("-e", allowEmptyPassword + "=1", image));
    arguments.addAll(off());
    arguments.add("--bind-address=127.0.0.1");
    arguments.add("--port=" + port);
    arguments.add("--loose-mysqlx=OFF");
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static void awaitListening(int port) throws IOException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
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

  /** The options of the server that turn TLS off. */
  private List<String> off() {
    return List.of(options.split(" ", -1));
  }

  private static String[] joined(List<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private TestServer started(
      GenericContainer<?> container, IntSupplier port, Optional<Path> socket) {
    container.withStartupTimeout(TIMEOUT).start();
    return new RunningServer(
        product,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getAsInt()),
        socket,
        container::stop);
  }

  /** For the server's socket, which its user inside the container must be able to make. */
  private static Path socketDirectory() {
    try {
      Path directory = TemporaryDirectory.create("socket-").path();
      return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HostConfig onLoopback(HostConfig config, Path sockets) {
    return config
        .withPortBindings(
            new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(MYSQL_PORT)))
        .withBinds(new Bind(sockets.toString(), new Volume(sockets.toString())));
  }

  @Override
  public String toString() {
    return product;
  }
}
