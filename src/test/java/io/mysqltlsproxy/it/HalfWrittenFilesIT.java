package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.WholeFile;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are emptied, half written, replaced by something that is no file, or unreadable for a
 * time: in front of a MySQL 5.5.9, where root needs a certificate by a rule.
 */
class HalfWrittenFilesIT {
  private static final String RULES =
      "-- who may log in\nALTER USER other REQUIRE SSL;\nALTER USER root REQUIRE X509;\n";

  private static final String NEW_RULES = "-- new\n" + RULES.replace("SSL", "X509");

  private final Path dir;
  private final Path rules;

  HalfWrittenFilesIT(@TempDir Path dir) throws IOException {
    this.dir = dir;
    rules = Files.writeString(dir.resolve("accounts.sql"), RULES);
  }

  @Test
  void anEmptiedFileOfRulesOpensNoDoorAndTheLogSaysHowToMeanIt() throws Exception {
    try (RunningProxy proxy = before("accounts=" + rules)) {
      Files.writeString(rules, "");
      Await.until(() -> !proxy.reloadLines().isEmpty());

      assertRefused(proxy);
      assertEquals(
          List.of(
              "reload failed, keeping the previous configuration: --accounts: "
                  + rules
                  + ":1:1: the file has no rules; write GRANT, CREATE USER or ALTER USER, or NO"
                  + " RULES; if no account is meant to have one"),
          proxy.reloadLines());

      WholeFile.write(rules, "NO RULES;\n");
      Await.until(() -> proxy.reloadLines().size() == 2);
      RawClient.loggedIn(proxy.address(), ClientTls.NONE, "root").close();
    }
  }

  /** Each writer empties the file first; only one of them has it open while it waits. */
  @Test
  void aSlowWriterIsWaitedForAndUntilThenTheOldRulesHold() throws Exception {
    List<String> scripts =
        List.of(
            "(sleep 3; cat \"$1\") > \"$0\"",
            "while IFS= read -r line; do printf '%s\\n' \"$line\"; sleep 1; done < \"$1\" > \"$0\"",
            ": > \"$0\"; while IFS= read -r line; do"
                + " printf '%s\\n' \"$line\" >> \"$0\"; sleep 0.1; done < \"$1\"",
            "rm \"$0\"; (sleep 1; head -n 3 \"$1\"; sleep 1; tail -n +4 \"$1\") > \"$0\"");
    Path next = Files.writeString(dir.resolve("next.sql"), NEW_RULES);
    for (String script : scripts) {
      Files.writeString(rules, RULES);
      try (RunningProxy proxy = before("accounts=" + rules)) {
        Process writer = write(script, rules, next);
        while (writer.isAlive()) {
          assertRefused(proxy);
          TimeUnit.MILLISECONDS.sleep(20);
        }
        Await.until(() -> proxy.reloadLines().stream().anyMatch(line -> line.contains("changed:")));

        assertRefused(proxy);
        assertTrue(
            proxy.reloadLines().stream()
                .allMatch(line -> line.startsWith("reloaded on file change")),
            () -> script + ": " + proxy.reloadLines());
      }
    }
  }

  /** It has no file open while it pauses, for longer than a shortened file is left alone. */
  @Test
  void rulesThatLoseARuleWhereTheyAreWaitForAWriterThatNobodySees() throws Exception {
    Path next = Files.writeString(dir.resolve("next.sql"), NEW_RULES);
    try (RunningProxy proxy = before("accounts=" + rules)) {
      Process writer =
          write("head -n 3 \"$1\" > \"$0\"; sleep 4; tail -n +4 \"$1\" >> \"$0\"", rules, next);
      while (writer.isAlive()) {
        assertRefused(proxy);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      Await.until(() -> proxy.reloadLines().size() == 3);

      assertRefused(proxy);
      assertTrue(
          proxy
              .reloadLines()
              .get(0)
              .startsWith(
                  "keeping the previous rules of 'root'@'%' for now: "
                      + rules
                      + " was written in place and demands less than before, as if"),
          () -> proxy.reloadLines() + "");
      assertTrue(
          proxy
              .reloadLines()
              .get(1)
              .contains("accounts changed: 'other'@'%'; rules for 2 accounts"),
          () -> proxy.reloadLines() + "");
      assertTrue(
          proxy.reloadLines().get(2).endsWith("; rules for 2 accounts, unchanged"),
          () -> proxy.reloadLines() + "");
    }
  }

  @Test
  void whileRulesAreInDoubtARevokedClientIsKeptOutAtOnce() throws Exception {
    CertificateAuthority authority = ProxyCertificates.shared().authority();
    Issued laura = authority.issueClient("CN=laura", KeyType.EC);
    Path crl = authority.crl().writeTo(dir.resolve("crl.pem"));
    try (RunningProxy proxy = before("accounts=" + rules, "ssl-crl=" + crl)) {
      Files.writeString(rules, "-- who may log in, from now on\nALTER USER other REQUIRE SSL;\n");
      awaitLine(proxy, 2, "rules for 2 accounts, unchanged");
      RawClient.loggedIn(proxy.address(), ClientTls.of(laura), "root").close();

      WholeFile.write(
          crl, Files.readString(authority.crl().revoke(laura).writeTo(dir.resolve("2"))));
      awaitLine(proxy, 3, "rules for 2 accounts, unchanged");

      assertThrowsTls(proxy, laura);
      assertRefused(proxy);
      awaitLine(proxy, 4, "accounts removed: 'root'@'%'");
    }
  }

  /** Its generator does not know of BEGIN, and lets it rest for less than ten seconds. */
  @Test
  void aFileThatIsWrittenAgainAndAgainIsDoubtedOnceAndItsStricterRulesHoldAtOnce()
      throws Exception {
    Files.writeString(rules, RULES + "ALTER USER third REQUIRE X509;\n");
    try (RunningProxy proxy = before("accounts=" + rules)) {
      RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root").close();
      for (int i = 0; i < 3; i++) {
        int lines = proxy.reloadLines().size();
        Files.writeString(rules, RULES + "ALTER USER root ACCOUNT LOCK; -- new\n");
        Await.until(() -> proxy.reloadLines().size() > lines && rested(proxy));
        assertThrows(
            IOException.class,
            () -> RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root").close());
      }

      awaitLine(proxy, 5, "accounts removed: 'third'@'%'");
      assertTrue(
          proxy.reloadLines().get(0).startsWith("keeping the previous rules of 'third'@'%' for"),
          () -> "" + proxy.reloadLines());
      assertTrue(
          proxy.reloadLines().get(1).contains("accounts changed: 'root'@'%'"),
          () -> "" + proxy.reloadLines());
    }
  }

  private static boolean rested(RunningProxy proxy) {
    List<String> lines = proxy.reloadLines();
    return lines.get(lines.size() - 1).startsWith("reloaded");
  }

  /** A writer that had closed the file for a moment only. */
  @Test
  void doubtedRulesThatAreOpenAgainAreNotUsedHoweverLongTheyRest() throws Exception {
    try (RunningProxy proxy = before("accounts=" + rules)) {
      Files.writeString(rules, "-- who may log in, from now on\nALTER USER other REQUIRE SSL;\n");
      awaitLine(proxy, 2, "rules for 2 accounts, unchanged");
      Process writer =
          write(
              "exec 3>> \"$0\"; sleep 12; cat \"$1\" >&3",
              rules,
              Files.writeString(dir.resolve("rest"), "ALTER USER root REQUIRE X509;\n"));
      while (writer.isAlive()) {
        assertRefused(proxy);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      awaitLine(proxy, 3, "rules for 2 accounts, unchanged");
      assertRefused(proxy);
    }
  }

  @Test
  void theSameRulesAreInForceAtOnceWhereTheyAreMovedThereOrSayThatTheyAreWhole() throws Exception {
    try (RunningProxy proxy = before("accounts=" + rules)) {
      WholeFile.write(rules, "ALTER USER other REQUIRE SSL;\n");
      awaitLine(proxy, 1, "accounts removed: 'root'@'%'");
      RawClient.loggedIn(proxy.address(), ClientTls.NONE, "root").close();

      Files.writeString(rules, RULES);
      awaitLine(proxy, 2, "accounts added: 'root'@'%'");
      Files.writeString(rules, "BEGIN; ALTER USER other REQUIRE SSL; COMMIT;\n");
      awaitLine(proxy, 3, "accounts removed: 'root'@'%'");
    }
  }

  /** What is there of the rules at first is whole statements, and root is in none of them. */
  @Test
  void rulesThatAreBeingWrittenAtTheStartAreWaitedFor() throws Exception {
    Path next = Files.writeString(dir.resolve("next.sql"), RULES);
    Process writer = write("(head -n 2 \"$1\"; sleep 2; tail -n +3 \"$1\") > \"$0\"", rules, next);
    Await.until(() -> Files.size(rules) > 0 && Files.size(rules) < RULES.length());

    try (RunningProxy proxy = before("accounts=" + rules)) {
      assertRefused(proxy);
      assertEquals(0, writer.waitFor());
    }
  }

  @Test
  void anOptionFileThatIsBeingWrittenAtTheStartIsAnErrorAndSoAreRulesThatStayOpen()
      throws Exception {
    Path options = Files.writeString(dir.resolve("my.cnf"), "[mysql-tls-proxy]\n");
    for (Path file : List.of(options, rules)) {
      Process writer =
          write("exec 3>> \"$0\"; echo > \"$1\"; exec sleep 60", file, dir.resolve("open"));
      Await.until(() -> Files.exists(dir.resolve("open")));
      List<String> flags = new ArrayList<>(List.of("--defaults-file=" + options));
      flags.addAll(ProxyProcess.options("127.0.0.1:1", "accounts=" + rules));
      try (ProxyProcess proxy = ProxyProcess.start(flags)) {
        assertNotEquals(0, proxy.status());
        String error = String.join("\n", proxy.errors());
        assertTrue(
            error.contains(file + " is open for writing by the process " + writer.pid()), error);
      } finally {
        writer.destroy();
        Files.delete(dir.resolve("open"));
      }
    }
  }

  private static Process write(String script, Path file, Path other) throws IOException {
    return new ProcessBuilder("bash", "-c", script, file.toString(), other.toString()).start();
  }

  @Test
  void anEmptiedOrHalfWrittenCrlLetsNobodyInWhomItRevokes() throws Exception {
    CertificateAuthority authority = ProxyCertificates.shared().authority();
    Issued laura = authority.issueClient("CN=laura", KeyType.EC);
    Path crl = authority.crl().revoke(laura).writeTo(dir.resolve("crl.pem"));
    String whole = Files.readString(crl);
    try (RunningProxy proxy = before("ssl-crl=" + crl)) {
      for (String text : List.of("", whole.substring(0, whole.length() / 2), "-----BEGIN X5")) {
        int lines = proxy.reloadLines().size();
        Files.writeString(crl, text);
        Await.until(() -> proxy.reloadLines().size() > lines);
        assertThrowsTls(proxy, laura);
      }
      assertTrue(
          proxy.reloadLines().stream().allMatch(line -> line.startsWith("reload failed")),
          () -> "" + proxy.reloadLines());
    }
  }

  @Test
  void aFifoOrADirectoryInThePlaceOfAFileIsSaidAndReloadingGoesOn() throws Exception {
    try (RunningProxy proxy = before("accounts=" + rules)) {
      Files.delete(rules);
      assertEquals(0, new ProcessBuilder("mkfifo", rules.toString()).start().waitFor());
      awaitLine(proxy, 1, "is not a regular file but a FIFO, a socket or a device; ");
      Files.delete(rules);
      Files.createDirectory(rules);
      awaitLine(proxy, 2, "is a directory; ");
      Files.delete(rules);
      awaitLine(proxy, 3, "no such file; ");
      assertRefused(proxy);

      Files.writeString(rules, NEW_RULES);

      awaitLine(proxy, 4, "reloaded on file change: ");
    }
  }

  /** Nothing about the files tells when it is gone. */
  @Test
  void aReloadThatFailsForLackOfDescriptorsIsRepeatedUntilThereAreSome() throws Exception {
    try (ProxyProcess proxy =
        ProxyProcess.before(Servers.mysql55().address(), "accounts=" + rules)) {
      InetSocketAddress address = proxy.ready();
      RawClient.loggedIn(address, ClientTls.LAURA, "root").close();
      limitFiles(proxy, "10");
      WholeFile.write(rules, NEW_RULES);
      awaitError(proxy, "too many open files");
      limitFiles(proxy, "4096");
      awaitError(proxy, "reloaded on retry: ");

      List<String> lines =
          proxy.errors().stream().filter(line -> line.contains(" reload: ")).toList();
      assertEquals(2, lines.size(), () -> String.join("\n", lines));
      assertTrue(lines.get(0).contains("raise the limit of open files"), lines.get(0));
      RawClient.loggedIn(address, ClientTls.LAURA, "root").close();
    }
  }

  private static RunningProxy before(String... options) {
    return RunningProxy.before(Servers.mysql55().address(), options);
  }

  private static void assertRefused(RunningProxy proxy) throws IOException {
    try (RawClient client = proxy.encrypt()) {
      client.send(2, Wire.login("root"));
      assertEquals(1045, client.read().errorCode());
    }
  }

  private static void assertThrowsTls(RunningProxy proxy, Issued certificate) {
    assertThrows(
        SSLException.class,
        () -> RawClient.loggedIn(proxy.address(), ClientTls.of(certificate), "root").close());
  }

  private static void awaitLine(RunningProxy proxy, int number, String part) throws Exception {
    Await.until(() -> proxy.reloadLines().size() >= number);
    assertEquals(number, proxy.reloadLines().size(), () -> "" + proxy.reloadLines());
    String line = proxy.reloadLines().get(number - 1);
    assertTrue(line.contains(part), line);
  }

  private static void awaitError(ProxyProcess proxy, String part) throws Exception {
    Await.assertBecomes(true, () -> proxy.errors().stream().anyMatch(line -> line.contains(part)));
  }

  private static void limitFiles(ProxyProcess proxy, String limit) throws Exception {
    List<String> command = List.of("prlimit", "--pid", "" + proxy.pid(), "--nofile=" + limit + ":");
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
