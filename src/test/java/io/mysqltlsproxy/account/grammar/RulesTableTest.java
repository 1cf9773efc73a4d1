package io.mysqltlsproxy.account.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.CertificateRequest;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may come in: {@code rules.txt} beside this class, whose head explains its format. */
class RulesTableTest {

  record Row(
      int line,
      String rules,
      String require,
      String user,
      String host,
      String client,
      String cipher,
      String outcome) {}

  private static final String USUAL_CIPHER = "TLS_AES_128_GCM_SHA256";
  private static final KeyPair KEYS = KeyType.EC.generate();
  private static final CertificateAuthority CA =
      CertificateAuthority.create("CN=CA,O=MySQL,C=US", KeyType.EC);
  private static final CertificateAuthority OTHER =
      CertificateAuthority.create("CN=Other CA", KeyType.EC);
  private static final Map<String, X509Certificate> CERTIFICATES = new HashMap<>();

  static {
    certificate("laura", "C=US,O=MySQL,CN=laura");
    certificate("mallory", "C=US,O=MySQL,CN=mallory");
    certificate("slash", "O=x/CN\\=laura");
    certificate("split", "O=x,CN=laura");
    certificate("backslash", "O=x\\\\,CN=laura");
    certificate("plus", "CN=laura\\+UID\\=7");
    certificate("multi", "C=US,CN=laura+UID=7");
    certificate("comma", "CN=laura\\,C\\=US");
    certificate("umlaut", "C=DE,CN=J\u00fcrgen");
    certificate("email", "CN=laura,E=laura@example.com");
    certificate("twoou", "OU=a,OU=b,CN=laura");
    certificate("oneou", "OU=a,CN=laura");
    certificate(
        "client",
        "C=SE,ST=Stockholm,L=Stockholm,O=MySQL demo client certificate,CN=client,"
            + "E=client@example.com");
    CERTIFICATES.put(
        "other", OTHER.certificate("C=US,O=MySQL,CN=laura").key(KEYS).issue().certificate());
    issued(
        "demo",
        "C=SE,ST=Stockholm,L=Stockholm,O=MySQL,CN=CA,E=ca@example.com",
        "C=SE,ST=Stockholm,L=Stockholm,O=MySQL demo client certificate,CN=client,"
            + "E=client@example.com");
    issued(
        "tonu",
        "C=FI,ST=Some-State,L=Helsinki,O=MySQL Finland AB,CN=Tonu Samuel,E=tonu@example.com",
        "C=EE,ST=Some-State,L=Tallinn,O=MySQL demo client certificate,CN=Tonu Samuel,"
            + "E=tonu@example.com");
    issued(
        "helsinki",
        "CN=cacert,C=FI,ST=Helsinki,L=Helsinki,O=MariaDB",
        "C=FI,ST=Helsinki,L=Helsinki,O=MariaDB,CN=client");
    CERTIFICATES.put("san", alternatives(CA.certificate("CN=app").key(KEYS)).certificate());
  }

  private static void certificate(String name, String subject) {
    CERTIFICATES.put(name, CA.certificate(subject).key(KEYS).issue().certificate());
  }

  private static void issued(String name, String issuer, String subject) {
    CERTIFICATES.put(
        name,
        CertificateAuthority.create(issuer, KeyType.EC)
            .certificate(subject)
            .key(KEYS)
            .issue()
            .certificate());
  }

  private static Issued alternatives(CertificateRequest request) {
    return request
        .dns("App.example.com", "*.example.org")
        .uri("spiffe://example.com/app")
        .email("laura@Example.com")
        .ip("10.0.0.7", "fe80::1")
        .issue();
  }

  static Stream<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    StringBuilder rules = new StringBuilder();
    String require = "SSL";
    boolean inRules = false;
    boolean inHead = true;
    String[] lines = table().split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.startsWith(">")) {
        if (!inRules) {
          rules.setLength(0);
          require = "SSL";
        }
        inRules = true;
        inHead = false;
        rules.append(line.substring(1)).append('\n');
      } else if (line.startsWith("--require ")) {
        require = line.substring("--require ".length());
      } else if (line.contains("|") && !inHead) {
        inRules = false;
        String[] cells = line.split("\\|", 5);
        rows.add(
            new Row(
                i + 1,
                rules.toString(),
                require,
                cells[0].strip(),
                cells[1].strip(),
                cells[2].strip(),
                cells[3].strip(),
                cells[4].strip()));
      }
    }
    return rows.stream();
  }

  private static String table() throws IOException {
    try (InputStream in = RulesTableTest.class.getResourceAsStream("rules.txt")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whoComesInAndWhyNot(Row row) throws Exception {
    Rules rules =
        new Rules(false, RequireParser.parse(row.require), RulesFile.parse("rules", row.rules));

    Decision decision =
        rules.decide(new Login(user(row.user), host(row.host), true, transport(row)));

    String[] expected = row.outcome.split(" by ", 2);
    assertEquals(expected[0], outcome(decision), "line " + row.line);
    if (expected.length == 2) {
      assertTrue(by(decision).startsWith(expected[1] + " ("), by(decision));
    }
  }

  @Test
  void theTableHasEnoughRows() throws Exception {
    assertTrue(rows().count() >= 150, () -> "too few");
  }

  private static String outcome(Decision decision) {
    return decision instanceof Refused refused
        ? refused.code() + " " + refused.reason().replaceFirst("; the rule is .*", "")
        : "ok";
  }

  private static String by(Decision decision) {
    return decision instanceof Admitted admitted
        ? admitted.rule()
        : ((Refused) decision).reason().replaceFirst(".*; the rule is ", "");
  }

  private static String user(String cell) {
    return cell.equals("''") ? "" : cell;
  }

  private static ClientHost host(String address) throws UnknownHostException {
    return ClientHost.of(InetAddress.getByName(address));
  }

  private static Transport transport(Row row) {
    String cipher = row.cipher.isEmpty() ? USUAL_CIPHER : row.cipher;
    return switch (row.client) {
      case "plain" -> Transport.PLAIN;
      case "tls" -> new Transport("TLSv1.3", cipher, Optional.empty());
      default ->
          new Transport(
              "TLSv1.3", cipher, Optional.of(Objects.requireNonNull(CERTIFICATES.get(row.client))));
    };
  }
}
