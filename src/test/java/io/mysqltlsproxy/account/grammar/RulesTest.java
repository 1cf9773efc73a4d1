package io.mysqltlsproxy.account.grammar;

import static io.mysqltlsproxy.account.Require.SSL;
import static io.mysqltlsproxy.account.Require.X509;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.KeyType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

  private enum Client {
    PLAIN {
      @Override
      Transport transport() {
        return Transport.PLAIN;
      }
    },
    TLS {
      @Override
      Transport transport() {
        return new Transport("TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.empty());
      }
    },
    CERTIFICATE {
      @Override
      Transport transport() {
        return new Transport(
            "TLSv1.3",
            "TLS_AES_128_GCM_SHA256",
            Optional.of(
                CertificateAuthority.create("CN=laura", KeyType.EC).issued().certificate()));
      }
    };

    abstract Transport transport();
  }

  /** require-secure-transport, require, what the client has, and MySQL's error or 0. */
  @ParameterizedTest
  @CsvSource({
    "OFF, NONE, PLAIN,          0",
    "OFF, NONE, TLS,            0",
    "OFF, NONE, CERTIFICATE,    0",
    "OFF, SSL,  PLAIN,       1045",
    "OFF, SSL,  TLS,            0",
    "OFF, SSL,  CERTIFICATE,    0",
    "OFF, X509, PLAIN,       1045",
    "OFF, X509, TLS,         1045",
    "OFF, X509, CERTIFICATE,    0",
    "ON,  NONE, PLAIN,       3159",
    "ON,  NONE, TLS,            0",
    "ON,  NONE, CERTIFICATE,    0",
    "ON,  SSL,  PLAIN,       3159",
    "ON,  SSL,  TLS,            0",
    "ON,  SSL,  CERTIFICATE,    0",
    "ON,  X509, PLAIN,       3159",
    "ON,  X509, TLS,         1045",
    "ON,  X509, CERTIFICATE,    0",
  })
  void whoComesIn(String secureTransport, String require, Client client, int error)
      throws Exception {
    Rules rules =
        new Rules(secureTransport.equals("ON"), RequireParser.parse(require), Accounts.NONE);
    Login login =
        new Login("laura", new ClientHost("localhost", "127.0.0.1"), true, client.transport());

    Decision decision = rules.decide(login);

    if (error == 0) {
      assertSame(login, assertInstanceOf(Admitted.class, decision).login());
    } else {
      assertEquals(error, assertInstanceOf(Refused.class, decision).code());
    }
  }

  @ParameterizedTest
  @CsvSource({"true, YES", "false, NO"})
  void anAccountsRefusalHasMysqlsWords(boolean usesPassword, String said) {
    Refused refused = refuse(new Rules(false, X509, Accounts.NONE), usesPassword, Client.TLS);

    assertEquals("28000", refused.sqlState());
    assertEquals(
        "Access denied for user 'laura'@'10.0.0.7' (using password: " + said + ")",
        refused.message());
    assertEquals("REQUIRE X509 is not met: the client showed no certificate", refused.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSL", "X509"})
  void theLogSaysThatThereWasNoTls(String require) throws Exception {
    Refused refused =
        refuse(new Rules(false, RequireParser.parse(require), Accounts.NONE), true, Client.PLAIN);

    assertEquals(
        "REQUIRE " + require + " is not met: the connection is not encrypted", refused.reason());
  }

  @Test
  void theGlobalRefusalHasMysqlsWords() {
    Refused refused = refuse(new Rules(true, SSL, Accounts.NONE), true, Client.PLAIN);

    assertEquals("HY000", refused.sqlState());
    assertEquals(
        "Connections using insecure transport are prohibited while --require_secure_transport=ON.",
        refused.message());
  }

  /** The options, and the rules that they make. */
  @ParameterizedTest
  @CsvSource({
    "'',                                                     true,  SSL",
    "require=NONE,                                           true,  NONE",
    "require=ssl,                                            true,  SSL",
    "require=' X509 ' ssl-ca=/ca.pem,                        true,  X509",
    "require=X509 ssl-capath=/ca,                            true,  X509",
    "require-secure-transport=OFF,                           false, NONE",
    "require-secure-transport=OFF require=SSL,               false, SSL",
    "require-secure-transport=OFF require=x509 ssl-ca=/ca,   false, X509",
  })
  void theRulesComeFromTheOptions(String flags, boolean secureTransport, String require)
      throws Exception {
    Rules rules = RulesLoader.load(options(flags));

    assertEquals(secureTransport, rules.requireSecureTransport());
    assertEquals(RequireParser.parse(require), rules.require());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          TLS ~ column 1: 'TLS' is nothing that can be required; write NONE, SSL, X509, CIPHER, \
          ISSUER, SUBJECT, SAN or FINGERPRINT
          SSL X509 ~ column 5: 'X509' cannot follow SSL; write only one of them; CIPHER, \
          ISSUER, SUBJECT, SAN and FINGERPRINT include SSL and X509
          SSL; ~ column 4: ';' is not expected here; end the clause before it, or write AND or OR \
          between two conditions
          """)
  void anUnknownClauseIsRefusedWithTheOnesThereAre(String clause, String message) {
    OptionException e =
        assertThrows(
            OptionException.class,
            () ->
                RulesLoader.load(
                    OptionSources.read(Map.of("require", clause), Map.of(), noFile())));

    assertEquals("--require=" + clause + ": " + message, e.getMessage());
  }

  @Test
  void certificatesCannotBeRequiredWithoutAnAuthority() {
    OptionException e =
        assertThrows(OptionException.class, () -> RulesLoader.load(options("require=X509")));

    assertEquals(
        "--require=X509: nobody could log in, because no CA says which certificates are valid; set"
            + " --ssl-ca or --ssl-capath",
        e.getMessage());
  }

  @Test
  void theExampleOfARulesFileIsRead() throws Exception {
    Rules rules = RulesLoader.load(options("accounts=conf/accounts.example.sql ssl-ca=/ca.pem"));

    assertEquals(List.of(), rules.warnings());
    Login former =
        new Login("former", new ClientHost("10.0.0.7", "10.0.0.7"), true, Client.TLS.transport());
    Refused refused = assertInstanceOf(Refused.class, rules.decide(former));
    assertEquals(Refused.Cause.ACCOUNT_LOCKED, refused.cause());
  }

  @Test
  void aRulesFileThatIsNotThereIsAnError() {
    OptionException e =
        assertThrows(
            OptionException.class, () -> RulesLoader.load(options("accounts=/none/accounts.sql")));

    assertEquals("--accounts=/none/accounts.sql: no such file; check the path", e.getMessage());
  }

  @Test
  void aRuleThatNeedsACertificateNeedsAnAuthority() {
    OptionException e =
        assertThrows(
            OptionException.class,
            () -> RulesLoader.load(options("accounts=conf/accounts.example.sql")));

    assertEquals(
        "--accounts=conf/accounts.example.sql: nobody as 'backup'@'10.0.9.9'"
            + " (conf/accounts.example.sql:24) could log in, because no CA says which certificates"
            + " are valid; set --ssl-ca or --ssl-capath",
        e.getMessage());
  }

  private static Refused refuse(Rules rules, boolean usesPassword, Client client) {
    Login login =
        new Login(
            "laura", new ClientHost("10.0.0.7", "10.0.0.7"), usesPassword, client.transport());
    return assertInstanceOf(Refused.class, rules.decide(login));
  }

  private static OptionValues options(String flags) throws OptionException {
    Map<String, String> given =
        Stream.of(flags.split(" (?=[a-z-]+=)", -1))
            .filter(flag -> !flag.isEmpty())
            .map(flag -> flag.split("=", 2))
            .collect(Collectors.toMap(flag -> flag[0], flag -> flag[1].replace("'", "")));
    return OptionSources.read(given, Map.of(), noFile());
  }

  private static Path noFile() {
    return Path.of("/dev/null");
  }
}
