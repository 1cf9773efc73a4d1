package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * A real server on a fixed port of 127.0.0.1 that can be killed, stopped and restarted, and keeps
 * its data. It is removed with this JVM at the latest.
 */
public final class RestartableServer implements TestServer {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  /** With a login, so that it is always the proxy that ends it. */
  private static final String PATIENT = "--connect-timeout=60";

  /** How the server runs. */
  private interface Host {
    void start() throws IOException;

    /** Whether the process is there. */
    boolean isRunning();

    long pid();

    void remove();
  }

  private final String name;
  private final InetSocketAddress address;
  private final Host host;
  private final Thread hook = new Thread(this::removeAtEnd, "server-removal");

  private RestartableServer(String name, int port, Host host) throws IOException {
    this.name = name;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.host = host;
    Runtime.getRuntime().addShutdownHook(hook);
    start();
  }

  /** MySQL 5.5.9, built without OpenSSL. */
  public static RestartableServer mysql55() throws IOException {
    return of(
            Mysql55.mysqld(), Mysql55.home().resolve("data"), "--innodb-flush-log-at-trx-commit=2")
        .withoutAnonymousAccounts();
  }

  /** MariaDB as Debian has it. */
  public static RestartableServer mariaDb() throws IOException {
    MariaDb version = MariaDb.MARIADB_10_11;
    return of(version.mysqld(), version.data()).withoutAnonymousAccounts();
  }

  private static RestartableServer of(Mysqld mysqld, Path data, String... options)
      throws IOException {
    int port = FreePort.find();
    Path directory = Files.createTempDirectory("mysqld-");
    ServerFiles.copy(data, directory.resolve("data"));
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--datadir=" + directory.resolve("data"));
    arguments.add("--socket=" + directory.resolve("mysql.sock"));
    // A server that starts deletes the temporary tables of all that share its directory for them.
    arguments.add("--tmpdir=" + Files.createDirectory(directory.resolve("tmp")));
    arguments.add("--port=" + port);
    arguments.add("--bind-address=127.0.0.1");
    arguments.add(PATIENT);
    return new RestartableServer(
        mysqld.name(), port, new LocalProcess(mysqld.process(arguments), directory));
  }

  /** A container of an official image, in this machine's network. */
  public static RestartableServer container(Container image) throws IOException {
    int port = FreePort.find();
    return new RestartableServer(
        image.toString(),
        port,
        new DockerContainer(image.arguments(port, "--local-infile=1", PATIENT)));
  }

  /** Starts it where it is not running, and waits until it greets. */
  public void start() throws IOException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    host.start();
    while (!greets()) {
      if (!host.isRunning() || System.nanoTime() > end) {
        throw new IOException(name + " does not start");
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private boolean greets() {
    try (RawClient client = RawClient.connect(address)) {
      client.socket().setSoTimeout(5_000);
      return client.read().first() == 10;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** SIGKILL. */
  public void kill() throws IOException {
    end("KILL");
  }

  /** SIGTERM, and waits for the end. */
  public void terminate() throws IOException {
    end("TERM");
  }

  private void end(String signal) throws IOException {
    Signals.send(signal, host.pid());
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (host.isRunning()) {
      if (System.nanoTime() > end) {
        throw new IOException(name + " does not end");
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /** SIGSTOP: it stands still, and the kernel accepts connections for it. */
  public void stop() throws IOException {
    Signals.send("STOP", host.pid());
  }

  /** SIGCONT. */
  public void resume() throws IOException {
    Signals.send("CONT", host.pid());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public Optional<Path> socket() {
    return Optional.empty();
  }

  /** An anonymous account of localhost would win over {@code 'u'@'%'}. */
  private RestartableServer withoutAnonymousAccounts() {
    for (List<String> row : sql("SELECT host FROM mysql.user WHERE user = ''")) {
      sql("DROP USER ''@'" + row.get(0) + "'");
    }
    return this;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    host.remove();
  }

  private void removeAtEnd() {
    host.remove();
  }

  @Override
  public String toString() {
    return name;
  }

  /** A program that was unpacked on this machine. */
  private static final class LocalProcess implements Host {
    private final ProcessBuilder command;
    private final Path directory;
    private volatile Optional<Process> process = Optional.empty();

    LocalProcess(ProcessBuilder command, Path directory) {
      this.command = command;
      this.directory = directory;
    }

    @Override
    public void start() throws IOException {
      if (!isRunning()) {
        Path log = directory.resolve("error.log");
        command
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process = Optional.of(command.start());
      }
    }

    @Override
    public boolean isRunning() {
      return process.filter(Process::isAlive).isPresent();
    }

    @Override
    public long pid() {
      return process.orElseThrow().pid();
    }

    @Override
    public void remove() {
      process.ifPresent(each -> each.destroyForcibly().onExit().join());
      ServerFiles.delete(directory);
    }
  }

  /** A container without a port mapping, which would change with a restart. */
  private static final class DockerContainer implements Host {
    private final String id = "restartable-" + UUID.randomUUID();
    private final List<String> arguments;
    private boolean created;

    DockerContainer(List<String> arguments) {
      this.arguments = arguments;
    }

    @Override
    public void start() {
      if (created) {
        Docker.run("start", id);
      } else {
        List<String> command =
            new ArrayList<>(List.of("run", "-d", "--network=host", "--name=" + id));
        command.addAll(arguments);
        created = true;
        Docker.run(command.toArray(String[]::new));
      }
    }

    @Override
    public boolean isRunning() {
      return inspect("{{.State.Running}}").equals("true");
    }

    @Override
    public long pid() {
      return Long.parseLong(inspect("{{.State.Pid}}"));
    }

    private String inspect(String format) {
      return Docker.run("inspect", "-f", format, id);
    }

    @Override
    public void remove() {
      if (!Docker.succeeds("rm", "-f", "-v", id)) {
        throw new UncheckedIOException(new IOException("cannot remove the container " + id));
      }
    }
  }
}
