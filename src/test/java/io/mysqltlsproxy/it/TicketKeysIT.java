package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.TicketKeyLines;
import io.mysqltlsproxy.testing.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tls-ticket-key-file}: OpenSSL's client resumes its session across proxies. */
class TicketKeysIT {
  private final Path dir;
  private final Path keys;
  private final String session;
  private final TestServer server = Servers.mysql55();

  TicketKeysIT(@TempDir Path dir) throws IOException {
    this.dir = dir;
    keys = Files.writeString(dir.resolve("ticket.keys"), TicketKeyLines.one() + "\n");
    session = dir.resolve("session.pem").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aSessionIsResumedAfterARestartOfTheProxy(String version) throws Exception {
    try (ProxyProcess proxy = start()) {
      assertFalse(resumed(proxy.ready().getPort(), version, "-sess_out", session));
    }
    try (ProxyProcess proxy = start()) {
      assertTrue(resumed(proxy.ready().getPort(), version, "-sess_in", session));
    }
    Files.writeString(keys, TicketKeyLines.one() + "\n");
    try (ProxyProcess proxy = start()) {
      assertFalse(resumed(proxy.ready().getPort(), version, "-sess_in", session));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aSessionIsResumedAtAnotherProxyWithTheSameFileAndNotWithAnother(String version)
      throws Exception {
    Path others = Files.writeString(dir.resolve("other.keys"), TicketKeyLines.one() + "\n");
    try (RunningProxy one = before(keys);
        RunningProxy same = before(keys);
        RunningProxy other = before(others);
        RunningProxy without = RunningProxy.before(server.address(), "require=X509")) {
      assertFalse(resumed(one.port(), version, "-sess_out", session));
      assertTrue(resumed(same.port(), version, "-sess_in", session));
      assertFalse(resumed(other.port(), version, "-sess_in", session));
      assertFalse(resumed(without.port(), version, "-sess_in", session));
    }
  }

  @Test
  void aClientThatKnowsNoTicketsResumesAtTheSameProxyOnly() throws Exception {
    try (RunningProxy one = before(keys);
        RunningProxy same = before(keys)) {
      assertFalse(resumed(one.port(), "-tls1_2", "-no_ticket", "-sess_out", session));
      assertTrue(resumed(one.port(), "-tls1_2", "-no_ticket", "-sess_in", session));
      assertFalse(resumed(same.port(), "-tls1_2", "-no_ticket", "-sess_in", session));
    }
  }

  /** The commands of the documentation, at one proxy after the other. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aRotationUnderWayLosesNoTicketAndAKeyThatIsGoneIsNoError(String version) throws Exception {
    Path ones = Files.copy(keys, dir.resolve("one.keys"));
    Path others = Files.copy(keys, dir.resolve("other.keys"));
    try (RunningProxy one = before(ones);
        RunningProxy other = before(others)) {
      assertFalse(resumed(other.port(), version, "-sess_out", session));
      for (int i = 0; i < 2; i++) {
        rotate(ones, one);
        assertTrue(resumed(one.port(), version, "-sess_in", session), "late to early");
        assertTrue(
            resumed(one.port(), version, "-sess_in", session, "-sess_out", session), "early");
        assertTrue(resumed(other.port(), version, "-sess_in", session), "early to late");
        take(ones, others, other);
        assertTrue(resumed(other.port(), version, "-sess_in", session), "both");
      }
      String old = dir.resolve("old.pem").toString();
      Files.copy(Path.of(session), Path.of(old));
      rotate(ones, one);
      String line = rotate(ones, one);
      String changed = "ticket key [0-9a-f]{8}, tickets encrypted by [0-9a-f]{8}; ";
      assertTrue(
          line.matches(
              "reloaded on file change: now "
                  + changed
                  + "no longer "
                  + changed
                  + "rules for 0 accounts, unchanged"),
          line);
      assertFalse(resumed(one.port(), version, "-sess_in", old, "-sess_out", session));
      assertTrue(resumed(one.port(), version, "-sess_in", session));
    }
  }

  /** As a volume of Kubernetes: ticket.keys → ..data/ticket.keys, and ..data → a directory. */
  @Test
  void aSymbolicLinkThatTurnsToOtherKeysIsARotationAndTheLogNamesThem() throws Exception {
    Path volume = Files.createDirectory(dir.resolve("volume"));
    Path first = Files.createDirectory(volume.resolve("..2026_01"));
    Path second = Files.createDirectory(volume.resolve("..2026_02"));
    Files.copy(keys, first.resolve("ticket.keys"));
    String next = TicketKeyLines.one();
    Files.writeString(second.resolve("ticket.keys"), Files.readString(keys) + next + "\n");
    Files.createSymbolicLink(volume.resolve("..data"), first.getFileName());
    Path mounted =
        Files.createSymbolicLink(volume.resolve("ticket.keys"), Path.of("..data", "ticket.keys"));
    try (RunningProxy proxy = before(mounted)) {
      assertFalse(resumed(proxy.port(), "-sess_out", session));

      Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), second.getFileName());
      Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      String line = reloadLine(proxy, 1);

      assertTrue(
          line.matches(
              "reloaded on file change: now ticket key [0-9a-f]{8}; rules for 0 accounts,"
                  + " unchanged"),
          line);
      assertTrue(resumed(proxy.port(), "-sess_in", session));
    }
  }

  @Test
  void aFileThatCannotBeUsedChangesNothingAndIsNotToldOf() throws Exception {
    try (RunningProxy proxy = before(keys)) {
      assertFalse(resumed(proxy.port(), "-sess_out", session));
      String good = Files.readString(keys).strip();
      String bad = TicketKeyLines.one(32);
      WholeFile.write(keys, good + "\n" + bad + "\n");

      String line = reloadLine(proxy, 1);

      assertEquals(
          "reload failed, keeping the previous configuration: --tls-ticket-key-file="
              + keys
              + ": line 2 holds 32 bytes, and a key has 48; each line is a key as openssl rand"
              + " -base64 48 prints it",
          line);
      assertTrue(resumed(proxy.port(), "-sess_in", session));
      proxy.reload();
      assertEquals(line, reloadLine(proxy, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aProxyThatTrustsAnotherAuthorityOnlyRefusesTheClientOfTheTicket(String version)
      throws Exception {
    Path ca =
        CertificateAuthority.create("CN=Another CA", KeyType.EC)
            .issued()
            .writeCertificate(dir.resolve("other-ca.pem"));
    try (RunningProxy one = before(keys);
        RunningProxy other = before(keys, "ssl-ca=" + ca)) {
      assertFalse(resumed(one.port(), version, "-sess_out", session));
      assertTrue(resumed(one.port(), version, "-sess_in", session));

      Tool.Result there = OpensslClient.run(other.port(), version, "-sess_in", session);

      assertFalse(there.text().contains("Reused, "), there::text);
      assertTrue(there.error().contains("alert unknown ca"), there::error);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aSessionIsNotResumedWhereTheCrlRevokesItsCertificate(String version) throws Exception {
    Path crl = dir.resolve("crl.pem");
    CertificateAuthority authority = ProxyCertificates.shared().authority();
    Issued laura = authority.issueClient("CN=laura", KeyType.RSA).writeTo(dir, "cert", "key");
    authority.crl().revoke(laura).writeTo(crl);
    String[] certificate = {
      "-cert", dir.resolve("cert").toString(), "-key", dir.resolve("key").toString()
    };
    try (RunningProxy one = before(keys);
        RunningProxy strict = before(keys, "ssl-crl=" + crl)) {
      assertFalse(resumed(one.port(), with(certificate, version, "-sess_out", session)));
      assertTrue(resumed(one.port(), with(certificate, version, "-sess_in", session)));

      Tool.Result there =
          OpensslClient.run(strict.port(), with(certificate, version, "-sess_in", session));

      Await.until(() -> strict.linesWith("CN=laura") > 0);
      assertEquals(1, strict.linesWith("CN=laura"), there::error);
      assertEquals(1, strict.linesWith(" was revoked at "), there::error);
    }
  }

  private ProxyProcess start() throws IOException {
    return ProxyProcess.before(server.address(), "tls-ticket-key-file=" + keys);
  }

  private RunningProxy before(Path file, String... options) {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.add("require=X509");
    all.add("tls-ticket-key-file=" + file);
    return RunningProxy.before(server.address(), all.toArray(String[]::new));
  }

  private static boolean resumed(int port, String... options) {
    String text = OpensslClient.connect(port, options);
    boolean reused = text.contains("Reused, TLSv1.");
    assertTrue(reused || text.contains("New, TLSv1."), text);
    return reused;
  }

  private static String[] with(String[] some, String... others) {
    return Stream.of(some, others).flatMap(Stream::of).toArray(String[]::new);
  }

  /** What the proxy logs of it. */
  private static String rotate(Path file, RunningProxy proxy) throws Exception {
    int lines = proxy.reloadLines().size();
    Tool.Result result =
        Tool.run(
            "sh",
            "-c",
            "umask 077; { tail -n 2 \"$1\" && openssl rand -base64 48; } > \"$1.new\""
                + " && chown --reference=\"$1\" \"$1.new\" && mv \"$1.new\" \"$1\"",
            "rotate",
            file.toString());
    assertEquals(0, result.status(), result::error);
    return reloadLine(proxy, lines + 1);
  }

  private static void take(Path from, Path to, RunningProxy proxy) throws Exception {
    int lines = proxy.reloadLines().size();
    WholeFile.write(to, Files.readString(from));
    reloadLine(proxy, lines + 1);
  }

  /** So many lines of the log are waited for; the last of them. */
  private static String reloadLine(RunningProxy proxy, int count) throws InterruptedException {
    Await.until(() -> proxy.reloadLines().size() >= count);
    assertEquals(count, proxy.reloadLines().size(), () -> String.join("\n", proxy.reloadLines()));
    return proxy.reloadLines().get(count - 1);
  }
}
