package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.connection.Phase;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.WholeFile;
import io.mysqltlsproxy.testing.Wire;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are read again while clients come and go. */
class ReloadIT {
  private final Path dir;
  private final ProxyCertificates certificates = ProxyCertificates.shared();
  private final Path accounts;
  private final RunningProxy proxy;

  ReloadIT(@TempDir Path dir) throws IOException {
    this.dir = dir;
    place(certificates.authority().issueServer("localhost", KeyType.EC), dir);
    accounts = Files.writeString(dir.resolve("accounts.sql"), "ALTER USER root REQUIRE X509;");
    proxy =
        RunningProxy.before(
            Servers.mysql55().address(),
            "ssl-cert=" + dir.resolve("cert.pem"),
            "ssl-key=" + dir.resolve("key.pem"),
            "accounts=" + accounts);
  }

  @AfterEach
  void end() {
    proxy.close();
  }

  @Test
  void aNewServerCertificateIsShownSoonAndNoClientNoticesTheChange() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger logins = new AtomicInteger();
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                try (RawClient client = logIn()) {
                  client.run("DO 1");
                  logins.incrementAndGet();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
            });
    BigInteger serial = serial();

    for (int i = 0; i < 5; i++) {
      Issued next = certificates.authority().issueServer("localhost", KeyType.EC);
      place(next, dir);
      await(next);
      BigInteger now = next.certificate().getSerialNumber();
      String shown = "serial number " + now.toString(16);
      Await.until(() -> lastReloadLine().contains(shown));
      String line = lastReloadLine();
      assertTrue(line.startsWith("reloaded on file change: now certificate "), line);
      assertTrue(line.contains(shown), line);
      assertTrue(line.contains("no longer certificate CN=localhost (serial number "), line);
      assertTrue(line.contains(serial.toString(16)), line);
      assertTrue(line.contains(CertificateNames.fingerprint(next.certificate())), line);
      serial = now;
      int before = logins.get();
      while (!load.isDone() && logins.get() < before + 10) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }

    over.set(true);
    load.get(1, TimeUnit.MINUTES);
  }

  /** As a volume of Kubernetes: cert.pem → ..data/cert.pem, and ..data → a directory. */
  @Test
  void aSymbolicLinkThatTurnsToOtherFilesIsAChange() throws Exception {
    Path volume = Files.createDirectory(dir.resolve("volume"));
    Path first = Files.createDirectory(volume.resolve("..2026_01"));
    place(certificates.authority().issueServer("localhost", KeyType.EC), first);
    Files.createSymbolicLink(volume.resolve("..data"), first.getFileName());
    for (String name : new String[] {"cert.pem", "key.pem"}) {
      Files.createSymbolicLink(volume.resolve(name), Path.of("..data", name));
    }
    try (RunningProxy mounted =
        RunningProxy.before(
            Servers.mysql55().address(),
            "ssl-cert=" + volume.resolve("cert.pem"),
            "ssl-key=" + volume.resolve("key.pem"))) {
      Issued next = certificates.authority().issueServer("localhost", KeyType.EC);
      Path second = Files.createDirectory(volume.resolve("..2026_02"));
      place(next, second);
      Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), second.getFileName());
      Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

      await(mounted, next.certificate().getSerialNumber());
    }
  }

  @Test
  void aCertificateWithoutItsKeyChangesNothingUntilTheKeyComes() throws Exception {
    BigInteger before = serial();
    Issued next = certificates.authority().issueServer("localhost", KeyType.EC);
    Path half = Files.createDirectory(dir.resolve("half"));
    place(next, half);

    Files.move(half.resolve("cert.pem"), dir.resolve("cert.pem"), StandardCopyOption.ATOMIC_MOVE);
    String line = reloadLine(1);

    assertTrue(
        line.startsWith("reload failed, keeping the previous configuration: --ssl-key="), line);
    assertTrue(line.contains("not the key of the certificate CN=localhost"), line);
    assertEquals(before, serial());

    Files.move(half.resolve("key.pem"), dir.resolve("key.pem"), StandardCopyOption.ATOMIC_MOVE);
    await(next);
  }

  @Test
  void brokenRulesChangeNothingAndTheLogNamesTheLine() throws Exception {
    try (RawClient laura = logIn()) {
      WholeFile.write(accounts, "ALTER USER root REQUIRE X509;\nALTER USER root REQUIRE SSI;\n");

      String line = reloadLine(1);

      assertTrue(line.contains("--accounts: " + accounts + ":2:25: "), line);
      laura.run("DO 1");
      logIn().close();

      proxy.reload();
      assertEquals(line, reloadLine(2));
    }
  }

  @Test
  void theLineOfAReloadNamesTheAccountsThatHaveChangedAndTheCrls() throws Exception {
    Path crl = dir.resolve("crl.pem");
    Files.writeString(crl, certificates.authority().crl().pem());
    Path rules =
        Files.writeString(
            dir.resolve("rules.sql"), "ALTER USER a REQUIRE X509; ALTER USER b REQUIRE SSL;");
    try (RunningProxy other =
        RunningProxy.before(
            Servers.mysql55().address(), "accounts=" + rules, "ssl-crl=" + crl, "require=X509")) {
      WholeFile.write(rules, "\nALTER USER b REQUIRE X509;\nALTER USER c ACCOUNT LOCK;");
      Await.until(() -> !other.reloadLines().isEmpty());
      String line = other.reloadLines().get(0);
      assertTrue(
          line.endsWith(
              "accounts added: 'c'@'%'; accounts changed: 'b'@'%'; accounts removed: 'a'@'%';"
                  + " rules for 2 accounts"),
          line);

      WholeFile.write(crl, certificates.authority().crl().number(8).pem());
      Await.until(() -> other.reloadLines().size() > 1);
      line = other.reloadLines().get(1);
      assertTrue(
          line.matches(".*now CRL of CN=Test CA \\(number 8, SHA256:[0-9A-F]{64}\\).*"), line);
      assertTrue(line.endsWith("; rules for 2 accounts, unchanged"), line);
    }
  }

  @Test
  void theLineOfAReloadOfAThousandAccountsIsShort() throws Exception {
    StringBuilder many = new StringBuilder("ALTER USER root REQUIRE X509;");
    for (int i = 0; i < 1000; i++) {
      many.append("ALTER USER user").append(i).append(" REQUIRE X509;\n");
    }
    WholeFile.write(accounts, many.toString());

    String line = reloadLine(1);

    assertTrue(line.contains("accounts added: 'user0'@'%', "), line);
    assertTrue(line.endsWith(" and 990 more; rules for 1001 accounts"), line);
    assertTrue(line.length() < 1000, line);
  }

  @Test
  void newRulesCloseWhomTheyDoNotAdmitAndNoOther() throws Exception {
    try (RawClient root = logIn();
        RawClient nobody = RawClient.encrypted(proxy.address(), ClientTls.LAURA)) {
      Files.writeString(accounts, "ALTER USER root REQUIRE SUBJECT '/CN=monica';");

      assertEquals(1927, root.read().errorCode());
      assertTrue(root.isAtEnd());
      String line = proxy.line(root);
      assertTrue(line.startsWith("disconnected: connection "), line);
      assertTrue(line.contains(" of user 'root': no longer admitted: SUBJECT"), line);

      nobody.send(2, Wire.login("root"));
      assertEquals(1045, nobody.read().errorCode());
    }
  }

  /** Also where clients that are connected are left alone. */
  @Test
  void aLoginThatTheServerAcceptsWhenNewRulesAreInForceIsHeldToThese() throws Exception {
    Path rules = Files.writeString(dir.resolve("rules.sql"), "ALTER USER root REQUIRE X509;");
    CountDownLatch reloaded = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.start(
                session -> {
                  session.send(0, Wire.greeting());
                  if (ScriptedServer.login(session)) {
                    awaitUninterruptibly(reloaded);
                    session.send(2, Wire.ok());
                    session.read();
                  }
                });
        RunningProxy before =
            RunningProxy.before(
                server.address(), "accounts=" + rules, "disconnect-no-longer-admitted=OFF");
        RawClient root = RawClient.encrypted(before.address(), ClientTls.LAURA)) {
      root.send(2, Wire.login("root"));
      Await.until(
          () ->
              before.live().all().stream()
                  .anyMatch(client -> client.standing().phase() == Phase.AUTHENTICATION));
      WholeFile.write(rules, "ALTER USER root REQUIRE SUBJECT '/CN=monica';\n");
      Await.until(() -> !before.reloadLines().isEmpty());

      reloaded.countDown();

      assertEquals(1927, root.read().errorCode());
      assertTrue(root.isAtEnd());
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** The server may refuse the change and keep the old user. */
  @Test
  void aClientThatIsChangingItsUserIsStillHeldToTheRulesOfTheOldOne() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                ScriptedServer.admitting(
                    session -> {
                      session.read();
                      session.send(1, Wire.authSwitchRequest(Wire.NATIVE, "12345678901234567890"));
                      session.read();
                    }));
        RunningProxy before = RunningProxy.before(server.address(), "accounts=" + accounts);
        RawClient root = logIn(before)) {
      root.send(0, Wire.changeUser("monica", new byte[20], Wire.NATIVE));
      assertEquals(0xFE, root.read().first());

      Files.writeString(accounts, "ALTER USER root REQUIRE SUBJECT '/CN=monica';");

      assertEquals(1927, root.read().errorCode());
      assertTrue(root.isAtEnd());
    }
  }

  @Test
  void aUserReachedByAChangeOfUserIsHeldToItsOwnNewRule() throws Exception {
    Servers.mysql55().sql("GRANT USAGE ON *.* TO 'reached'@'localhost'", "FLUSH PRIVILEGES");
    try (RawClient root = logIn();
        RawClient reached = logIn()) {
      reached.send(0, Wire.changeUser("reached", new byte[0], Wire.NATIVE));
      Packet answer = reached.read();
      if (answer.first() == 0xFE) {
        reached.send(answer.sequenceId() + 1, new byte[0]);
        answer = reached.read();
      }
      assertTrue(answer.isOk(), answer.toString());

      Files.writeString(
          accounts,
          "ALTER USER root REQUIRE X509; ALTER USER reached REQUIRE SUBJECT '/CN=monica';");

      assertEquals(1927, reached.read().errorCode());
      assertTrue(reached.isAtEnd());
      String line = proxy.line(reached);
      assertTrue(line.contains(" of user 'reached': no longer admitted: SUBJECT"), line);
      root.run("DO 1");
    }
  }

  @Test
  void clientsOfAnAuthorityThatIsNoLongerTrustedAreClosed() throws Exception {
    Path ca = dir.resolve("ca.pem");
    certificates.authority().issued().writeCertificate(ca);
    try (RunningProxy trusting =
            RunningProxy.before(Servers.mysql55().address(), "ssl-ca=" + ca, "require=X509");
        RawClient client = logIn(trusting)) {
      CertificateAuthority.create("CN=Another CA", KeyType.EC).issued().writeCertificate(ca);

      assertEquals(1927, client.read().errorCode());
      assertTrue(client.isAtEnd());
      String line = trusting.line(client);
      assertTrue(line.contains("no longer admitted: the certificate CN=laura"), line);
    }
  }

  private RawClient logIn() throws IOException {
    return logIn(proxy);
  }

  private static RawClient logIn(RunningProxy shown) throws IOException {
    return RawClient.loggedIn(shown.address(), ClientTls.LAURA, "root");
  }

  /** Puts the files there one after the other, as most tools do. */
  private static void place(Issued certificate, Path directory) {
    certificate.writeTo(directory, "cert.pem", "key.pem");
  }

  private BigInteger serial() throws IOException {
    return serial(proxy);
  }

  private static BigInteger serial(RunningProxy shown) throws IOException {
    try (RawClient client = shown.encrypt()) {
      X509Certificate certificate =
          (X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
      return certificate.getSerialNumber();
    }
  }

  private void await(Issued certificate) throws Exception {
    await(proxy, certificate.certificate().getSerialNumber());
  }

  private static void await(RunningProxy shown, BigInteger serial) throws Exception {
    Await.assertBecomes(serial, () -> serial(shown));
  }

  private String lastReloadLine() {
    List<String> lines = proxy.reloadLines();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  /** So many lines of the log are waited for; the last of them. */
  private String reloadLine(int count) throws InterruptedException {
    Await.until(() -> proxy.reloadLines().size() >= count);
    assertEquals(count, proxy.reloadLines().size(), () -> String.join("\n", proxy.reloadLines()));
    return proxy.reloadLines().get(count - 1);
  }
}
