package io.mysqltlsproxy.demo;

import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.TemporaryDirectory;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * Shows the product in front of a real server that has no TLS: who comes in, who does not, and what
 * a client sees of it.
 */
public final class Demo {

  private static final String USER = "laura";
  private static final String PASSWORD = "lighthouse";

  private static final String SERVER = "--server=";

  private final Console console = new Console();

  private Demo() {}

  /**
   * Runs it.
   *
   * @param arguments {@code --once} ends it after showing, with status 0 only if all was right;
   *     without it, it stays up until Ctrl-C; {@code --overhead} measures instead, what stands
   *     behind it being options of that command; {@code --server=PORT} only starts the server;
   *     {@code --pair} shows two proxies with a client and a server that have no TLS, and {@code
   *     --pair --once} ends after that
   */
  public static void main(String[] arguments) throws Exception {
    Demo demo = new Demo();
    try {
      List<String> all = List.of(arguments);
      if (!all.isEmpty() && all.get(0).equals("--overhead")) {
        System.exit(demo.overhead(all.subList(1, all.size())));
      }
      if (!all.isEmpty() && all.get(0).startsWith(SERVER)) {
        demo.serve(all.get(0).substring(SERVER.length()));
      } else if (all.contains("--pair")) {
        demo.pair(all.contains("--once"));
      } else {
        demo.run(all.contains("--once"));
      }
    } catch (IOException e) {
      demo.console.step(false, String.valueOf(e.getMessage()));
    }
    System.exit(demo.console.allRight() ? 0 : 1);
  }

  /** The server alone, with root without a password, until Ctrl-C. */
  private void serve(String port) throws IOException, InterruptedException {
    try (TestServer server = DemoServer.start(console, "--port=" + port)) {
      console.text(server.name() + " runs at 127.0.0.1:" + server.port() + "; Ctrl-C ends it.");
      new CountDownLatch(1).await();
    }
  }

  private void pair(boolean once) throws IOException, InterruptedException {
    try (TemporaryDirectory directory = TemporaryDirectory.create("mysql-tls-proxy-demo-");
        TestServer server = DemoServer.start(console)) {
      showServer(server);
      ProxyCertificates certificates = ProxyCertificates.create(directory.path(), "CN=" + USER);
      console.step(true, "Certificates are made: a CA, and one for each proxy");
      console.detail("in", directory.path());
      new Pair(console, server, certificates, USER, PASSWORD)
          .show(
              () -> {
                if (!once) {
                  console.text("\nCtrl-C ends it.");
                  new CountDownLatch(1).await();
                }
              });
    }
  }

  private void run(boolean once) throws IOException, InterruptedException {
    try (TemporaryDirectory directory = TemporaryDirectory.create("mysql-tls-proxy-demo-");
        TestServer server = DemoServer.start(console)) {
      showServer(server);
      ProxyCertificates certificates = ProxyCertificates.create(directory.path(), "CN=" + USER);
      console.step(true, "Certificates are made: a CA, the proxy's, and one for " + USER);
      console.detail("in", directory.path());
      List<String> options = options(server, certificates);
      try (ProxyProcess proxy = ProxyProcess.start(options)) {
        int port = proxy.ready().getPort();
        console.step(true, "The proxy listens at 127.0.0.1:" + port);
        console.text(CommandLine.lines("    bin/mysql-tls-proxy run", options));
        Client client = new Client(port, USER, PASSWORD, certificates);
        new Logins(console, client).show();
        showWithoutCertificates(server, certificates);
        showAttributes(certificates);
        CommandLine.show(console, client);
        if (!once) {
          console.text("\nCtrl-C ends it.");
          new CountDownLatch(1).await();
        }
      }
    }
  }

  /** Another proxy, which has no certificate, but the account as the server prints it. */
  private void showWithoutCertificates(TestServer server, ProxyCertificates certificates)
      throws IOException {
    Path accounts = certificates.directory().resolve("accounts.sql");
    String grants =
        server.sql("SHOW GRANTS FOR '" + USER + "'@'localhost'").stream()
            .map(row -> row.get(0) + ";\n")
            .collect(Collectors.joining());
    Issued.writeSecret(accounts, grants);
    List<String> options =
        List.of("--backend=127.0.0.1:" + server.port(), "--accounts=" + accounts, "--port=0");
    try (ProxyProcess proxy = ProxyProcess.start(options)) {
      new Logins(console, new Client(proxy.ready().getPort(), USER, PASSWORD, certificates))
          .showWithoutCertificates();
    }
  }

  /** MySQL 5.5 keeps no attributes. */
  private void showAttributes(ProxyCertificates certificates) throws IOException {
    try (TestServer server = DemoServer.startNewer(console)) {
      createUser(server);
      try (ProxyProcess proxy = ProxyProcess.start(options(server, certificates))) {
        new Logins(console, new Client(proxy.ready().getPort(), USER, PASSWORD, certificates))
            .showAttributes(server);
      }
    }
  }

  private int overhead(List<String> options) throws IOException, InterruptedException {
    try (TestServer server = DemoServer.start(console)) {
      showServer(server);
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of("bin", "mysql-tls-proxy").toString(),
                  "overhead",
                  "--backend=127.0.0.1:" + server.port(),
                  "--user=" + USER,
                  "--database=demo"));
      command.addAll(options);
      ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
      builder.environment().put("MYSQL_PWD", PASSWORD);
      return builder.start().waitFor();
    }
  }

  private void showServer(TestServer server) {
    List<List<String>> variables =
        server.sql("SHOW VARIABLES WHERE Variable_name IN ('have_openssl', 'have_ssl')");
    boolean off = variables.stream().allMatch(row -> Set.of("NO", "DISABLED").contains(row.get(1)));
    console.step(off, server.name() + " runs at 127.0.0.1:" + server.port() + ", without TLS");
    variables.forEach(row -> console.detail(row.get(0), row.get(1)));
    createUser(server);
    server.sql("CREATE DATABASE demo", "GRANT ALL ON demo.* TO '" + USER + "'@'localhost'");
  }

  private static void createUser(TestServer server) {
    server.sql("CREATE USER '" + USER + "'@'localhost' IDENTIFIED BY '" + PASSWORD + "'");
  }

  private static List<String> options(TestServer server, ProxyCertificates certificates) {
    return List.of(
        "--ssl-cert=" + certificates.serverCert(),
        "--ssl-key=" + certificates.serverKey(),
        "--ssl-ca=" + certificates.ca(),
        "--require=X509",
        "--backend=127.0.0.1:" + server.port(),
        "--port=0");
  }
}
