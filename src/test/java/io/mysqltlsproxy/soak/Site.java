package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RestartableServer;
import io.mysqltlsproxy.testing.WholeFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * A server, a proxy in front of it, and relays that can break what goes between. The files of the
 * proxy change during the run, and with them who may log in.
 */
final class Site implements AutoCloseable {
  static final String PASSWORD = "Soak-2026!";

  /** Where clients that go through the relay come from, so that bad clients do not share it. */
  private static final String GOOD_ADDRESS = "127.0.0.2";

  private final Vintage vintage;
  private final RestartableServer server;
  private final ProxyCertificates certificates;
  private final Path directory;
  private final Issued outcast;
  private final Issued nora;
  private final CuttingRelay behind;
  private final SoakProxy proxy;
  private final CuttingRelay before;
  private final Outages outages = new Outages();
  private final Switch locked = new Switch();
  private final Switch revoked = new Switch();
  private int versions;

  Site(Vintage vintage, Path directory) throws IOException {
    this.vintage = vintage;
    this.directory = Files.createDirectories(directory);
    certificates = ProxyCertificates.create(directory, "CN=client,O=Test");
    outcast = certificates.authority().issueClient("CN=outcast", KeyType.EC);
    nora = certificates.authority().issueClient("CN=nora", KeyType.EC);
    writeCrl(false);
    writeRules(false);
    server = vintage.start();
    fill();
    behind = new CuttingRelay(server.address(), "127.0.0.1");
    proxy =
        new SoakProxy(
            vintage == Vintage.MYSQL_5_5 ? server.address() : behind.address(), options());
    before = new CuttingRelay(proxy.address(), GOOD_ADDRESS);
    locked.settle(true);
    revoked.settle(true);
  }

  private List<String> options() {
    return List.of(
        "--ssl-cert=" + certificates.serverCert(),
        "--ssl-key=" + certificates.serverKey(),
        "--ssl-ca=" + certificates.ca(),
        "--ssl-crl=" + crl(),
        "--accounts=" + rules(),
        // A login takes its time while others are starting on the same machine.
        "--connect-timeout=15",
        "--drain-timeout=2");
  }

  private void fill() {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE DATABASE soak");
    statements.add(
        "CREATE TABLE soak.facts (id INT PRIMARY KEY, body VARCHAR(1000)) ENGINE=InnoDB"
            + " CHARACTER SET latin1");
    for (int id = 0; id < Facts.ROWS; id += 100) {
      List<String> rows = new ArrayList<>();
      for (int i = id; i < id + 100; i++) {
        rows.add("(" + i + ",'" + Facts.body(i) + "')");
      }
      statements.add("INSERT INTO soak.facts VALUES " + String.join(",", rows));
    }
    for (String user : List.of("soak", "other")) {
      statements.add("CREATE USER '" + user + "'@'%' IDENTIFIED BY '" + PASSWORD + "'");
    }
    for (String user : List.of("plain", "laura", "swing", "nora", "locked", "app")) {
      statements.add("CREATE USER '" + user + "'@'%'");
    }
    for (String user : List.of("soak", "other", "plain")) {
      statements.add("GRANT ALL ON soak.* TO '" + user + "'@'%'");
    }
    server.sql(statements.toArray(String[]::new));
  }

  private Path rules() {
    return directory.resolve("accounts.sql");
  }

  private Path crl() {
    return directory.resolve("crl.pem");
  }

  private void writeRules(boolean swingLocked) throws IOException {
    String subject = "REQUIRE SUBJECT '/O=Test/CN=client';\n";
    WholeFile.write(
        rules(),
        "-- version "
            + versions++
            + "\n"
            + "CREATE USER 'soak'@'%' "
            + subject
            + "CREATE USER 'other'@'%' "
            + subject
            + "CREATE USER 'plain'@'%' REQUIRE SSL;\n"
            + "CREATE USER 'laura'@'%' REQUIRE X509;\n"
            + "CREATE USER 'nora'@'%' REQUIRE X509;\n"
            + "CREATE USER 'swing'@'%' REQUIRE SSL"
            + (swingLocked ? " ACCOUNT LOCK" : "")
            + ";\n"
            + "CREATE USER 'locked'@'%' REQUIRE SSL ACCOUNT LOCK;\n");
  }

  private void writeCrl(boolean withNora) throws IOException {
    var request = certificates.authority().crl().revoke(outcast).number(++versions);
    WholeFile.write(crl(), (withNora ? request.revoke(nora) : request).pem());
  }

  /** Locks {@code swing}'s account, or unlocks it, once the proxy has read the rules. */
  void replaceRules(boolean lock) throws IOException, InterruptedException {
    locked.change();
    awaitReload(() -> writeRules(lock));
    locked.settle(!lock);
  }

  /** Revokes {@code nora}'s certificate, or does so no longer. */
  void replaceCrl(boolean revoke) throws IOException, InterruptedException {
    revoked.change();
    awaitReload(() -> writeCrl(revoke));
    revoked.settle(!revoke);
  }

  /** Gives the proxy another certificate with another key. */
  void replaceCertificate() throws IOException, InterruptedException {
    Issued next = certificates.authority().issueServer("localhost", KeyType.RSA);
    awaitReload(
        () -> {
          Issued.writeSecret(certificates.serverKey(), next.keyPem());
          WholeFile.write(certificates.serverCert(), next.chainPem());
        });
  }

  private interface Change {
    void make() throws IOException;
  }

  private void awaitReload(Change change) throws IOException, InterruptedException {
    String reloads = "mysql_tls_proxy_reloads_total{result=\"success\"";
    double before = proxy.metric(reloads);
    change.make();
    long begun = System.nanoTime();
    while (proxy.metric(reloads) <= before) {
      if (System.nanoTime() - begun > 45_000_000_000L) {
        throw new IOException("files are not reloaded after 45 s: " + proxy.log(5));
      }
      Thread.sleep(100);
    }
  }

  Vintage vintage() {
    return vintage;
  }

  RestartableServer server() {
    return server;
  }

  SoakProxy proxy() {
    return proxy;
  }

  ProxyCertificates certificates() {
    return certificates;
  }

  /** Where good clients connect. */
  InetSocketAddress address() {
    return before.address();
  }

  List<CuttingRelay> relays() {
    return List.of(before, behind);
  }

  Outages outages() {
    return outages;
  }

  /** Of the account {@code swing}. */
  Switch locked() {
    return locked;
  }

  /** Of the certificate of {@code nora}. */
  Switch revoked() {
    return revoked;
  }

  SSLContext tlsOfNora() {
    return ClientTls.of(nora);
  }

  SSLContext tlsOfOutcast() {
    return ClientTls.of(outcast);
  }

  /** How many connections the server has, but for the one that asks. */
  int connectionsAtServer() {
    return server.sql("SHOW PROCESSLIST").stream()
            .filter(
                row -> !row.get(1).equals("event_scheduler") && !row.get(1).equals("system user"))
            .toList()
            .size()
        - 1;
  }

  /** Where LOAD DATA reads from. */
  Path factsFile() throws IOException {
    Path file = directory.resolve("facts.tsv");
    return Files.exists(file) ? file : Facts.writeTo(file);
  }

  @Override
  public void close() throws IOException {
    before.close();
    behind.close();
    proxy.close();
    server.close();
  }

  @Override
  public String toString() {
    return vintage.toString();
  }
}
