package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.CertificateRequest;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import io.mysqltlsproxy.tls.trust.ServerCertificates;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names and addresses of a server, with certificates for some of them: {@code connect} takes and
 * refuses the same ones as MySQL's own client with {@code --ssl-mode=VERIFY_IDENTITY}.
 */
class VerifyIdentityIT {
  private static final List<String> HOSTS = List.of("127.0.0.1", "localhost", "::1");

  private final CertificateAuthority authority = ProxyCertificates.shared().authority();
  private final Path directory;

  VerifyIdentityIT(@TempDir Path directory) {
    this.directory = directory;
  }

  private CertificateRequest cn(String name) {
    return authority.certificate("CN=" + name);
  }

  private List<CertificateRequest> requests() {
    return List.of(
        cn("proxy"),
        cn("127.0.0.1"),
        cn("localhost"),
        cn("127.0.0.1").ip("10.0.0.1"),
        cn("127.0.0.1").dns("db.example.com"),
        cn("localhost").uri("https://db.example.com"),
        cn("localhost").ip("::1"),
        cn("proxy").ip("127.0.0.1"),
        cn("proxy").ip("::1"),
        cn("proxy").ip("::ffff:127.0.0.1"),
        cn("proxy").dns("db.example.com").ip("127.0.0.1", "::1"),
        cn("proxy").dns("LOCALhost"),
        cn("proxy").dns("localhost."),
        cn("proxy").dns("*"),
        cn("proxy").dns("127.0.0.1"),
        cn("proxy").dns("*.0.0.1"),
        cn("proxy").dns("::1"));
  }

  private RunningProxy showing(Issued certificate, ScriptedServer server) throws IOException {
    // Files of its own, since a proxy shows what is in its files now.
    Path own = Files.createTempDirectory(directory, "shown-");
    certificate.writeTo(own, "cert.pem", "key.pem");
    return RunningProxy.before(
        server.address(),
        "ssl-cert=" + own.resolve("cert.pem"),
        "ssl-key=" + own.resolve("key.pem"));
  }

  private static boolean isTaken(String host, Issued certificate) throws OptionException {
    return ServerCertificates.load(
            OptionSources.read(
                OptionSet.CONNECT,
                RunningProxy.connectFlags(3306),
                Map.of(),
                Path.of("no-option-file.cnf")),
            Optional.of(host),
            InstantSource.system())
        .orElseThrow()
        .problem(certificate.chain())
        .isEmpty();
  }

  /** Says whether the client has gone on to its login. */
  private static String command(int trial, String host, int port) {
    return """
    if mysql --no-defaults --protocol=TCP --host=%s --port=%d --user=nobody --connect-timeout=30 \
        --ssl-mode=VERIFY_IDENTITY --ssl-ca=%s --execute='DO 0' 2>&1 | grep -q 'ERROR 2026'
    then echo '%d false'; else echo '%d true'; fi
    """
        .formatted(host, port, ProxyCertificates.shared().ca(), trial, trial);
  }

  @Test
  void connectTakesTheCertificatesThatMysqlsClientTakes() throws Exception {
    List<String> trials = new ArrayList<>();
    Map<String, Boolean> ours = new TreeMap<>();
    Map<String, Boolean> theirs = new TreeMap<>();
    StringBuilder script = new StringBuilder();
    Deque<AutoCloseable> open = new ArrayDeque<>();
    try {
      ClientImage mysql = new ClientImage("mysql:9.7");
      open.push(mysql);
      mysql.unavailable().ifPresent(Assumptions::abort);
      ScriptedServer server = ScriptedServer.polite();
      open.push(server);
      for (CertificateRequest request : requests()) {
        Issued certificate = request.issue();
        RunningProxy run = showing(certificate, server);
        open.push(run);
        Relay ipv6 = Relay.at(NetUtil.LOCALHOST6, run.address());
        open.push(ipv6);
        for (String host : HOSTS) {
          int port = host.equals("::1") ? ipv6.port() : run.port();
          script.append(command(trials.size(), host, port));
          String trial =
              "%d: %s, for %s %s"
                  .formatted(
                      trials.size(),
                      host,
                      certificate.certificate().getSubjectX500Principal(),
                      certificate.certificate().getSubjectAlternativeNames());
          trials.add(trial);
          ours.put(trial, isTaken(host, certificate));
        }
      }
      for (String line :
          mysql.run(List.of("sh", "-c", script.toString()), Map.of()).text().lines().toList()) {
        String[] words = line.split(" ", -1);
        theirs.put(trials.get(Integer.parseInt(words[0])), Boolean.valueOf(words[1]));
      }
    } finally {
      for (AutoCloseable each : open) {
        each.close();
      }
    }
    assertEquals(String.join("\n", lines(theirs)), String.join("\n", lines(ours)));
    assertTrue(ours.containsValue(true) && ours.containsValue(false), ours::toString);
  }

  private static List<String> lines(Map<String, Boolean> verdicts) {
    return verdicts.entrySet().stream().map(Object::toString).toList();
  }

  @Test
  void aServerIsReachedByItsIpv6Address() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(ScriptedServer.admitting(ScriptedServer::answerCommands));
        RunningProxy right = showing(cn("proxy").ip("::1").issue(), server);
        RunningProxy wrong = showing(cn("proxy").ip("127.0.0.1").issue(), server)) {
      assertTrue(logIn(right).isOk());
      Packet refused = logIn(wrong);
      assertEquals(1158, refused.errorCode(), refused::toString);
      assertTrue(refused.errorText().contains("127.0.0.1 and not for ::1"), refused::errorText);
    }
  }

  private static Packet logIn(RunningProxy run) throws IOException {
    try (Relay ipv6 = Relay.at(NetUtil.LOCALHOST6, run.address());
        RunningProxy connect =
            RunningProxy.connecting(ipv6.port(), "backend=[::1]:" + ipv6.port());
        RawClient client = RawClient.greeted(connect.address())) {
      client.send(1, Wire.login("app"));
      return client.read();
    }
  }
}
