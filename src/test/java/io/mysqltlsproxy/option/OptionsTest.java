package io.mysqltlsproxy.option;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  private static final Path NO_FILE = Path.of("/dev/null");

  /** A text that is not the default, and its value; of every option but defaults-file. */
  private static final Map<Option<?>, Map.Entry<String, Object>> SAMPLES = new LinkedHashMap<>();

  static {
    sample(Options.BIND_ADDRESS, "*", "*");
    sample(Options.PORT, "0", 0);
    sample(Options.BACKEND, "[::1]:3310", new Backend.Tcp("::1", 3310));
    sample(Options.BACKEND_PUBLIC_KEY_FILE, "/key.pub", Optional.of(Path.of("/key.pub")));
    sample(Options.ENABLE_CLEARTEXT_PLUGIN, "ON", true);
    sample(Options.SSL_CERT, "/cert.pem", Optional.of(Path.of("/cert.pem")));
    sample(Options.SSL_KEY, "/key.pem", Optional.of(new KeyLocation.File(Path.of("/key.pem"))));
    sample(Options.SSL_SELF_SIGNED_DIR, "/certs", Optional.of(Path.of("/certs")));
    sample(Options.SSL_KEY_PASSPHRASE_FILE, "/pass", Optional.of(Path.of("/pass")));
    sample(Options.SSL_CA, "/ca.pem", Optional.of(Path.of("/ca.pem")));
    sample(Options.SSL_CAPATH, "/ca", Optional.of(Path.of("/ca")));
    sample(Options.SSL_CRL, "/crl.pem", Optional.of(Path.of("/crl.pem")));
    sample(Options.SSL_CRLPATH, "/crls", Optional.of(Path.of("/crls")));
    sample(Options.REQUIRE_SECURE_TRANSPORT, "OFF", false);
    sample(Options.REQUIRE, "X509", Optional.of("X509"));
    sample(Options.ACCOUNTS, "/accounts.sql", Optional.of(Path.of("/accounts.sql")));
    sample(Options.DISCONNECT_NO_LONGER_ADMITTED, "OFF", false);
    sample(Options.TLS_VERSION, "TLSv1.1,TLSv1.2", List.of("TLSv1.1", "TLSv1.2"));
    sample(Options.SSL_CIPHER, "AES128-SHA:AES256-SHA", List.of("AES128-SHA", "AES256-SHA"));
    sample(Options.TLS_CIPHERSUITES, "TLS_AES_256_GCM_SHA384", List.of("TLS_AES_256_GCM_SHA384"));
    sample(Options.TLS_GROUPS, "X25519:secp521r1", List.of("X25519", "secp521r1"));
    sample(Options.SSL_SESSION_CACHE_MODE, "0", false);
    sample(Options.SSL_SESSION_CACHE_TIMEOUT, "84600", Duration.ofMinutes(1410));
    sample(Options.TLS_TICKET_KEY_FILE, "/ticket.keys", Optional.of(Path.of("/ticket.keys")));
    sample(Options.CONNECT_TIMEOUT, "2", Duration.ofSeconds(2));
    sample(Options.MAX_CONNECTIONS, "100", 100);
    sample(Options.MAX_UNAUTHENTICATED, "0", 0);
    sample(Options.MAX_UNAUTHENTICATED_PER_ADDRESS, "10", 10);
    sample(Options.SERVER_VERSION, "5.6.51-proxied", Optional.of("5.6.51-proxied"));
    sample(Options.SSL_STATUS, "OFF", false);
    sample(Options.CLIENT_ATTRIBUTES, "OFF", false);
    sample(Options.PROXY_PROTOCOL_NETWORKS, "127.0.0.1", loopback());
    sample(Options.BACKEND_PROXY_PROTOCOL, "v2", ProxyProtocol.V2);
    sample(Options.DRAIN_TIMEOUT, "0", Duration.ZERO);
    sample(Options.TAKEOVER, "ON", true);
    sample(Options.LOG_LEVEL, "Debug", LogLevel.DEBUG);
    sample(Options.LOG_FORMAT, "JSON", LogFormat.JSON);
    sample(Options.ADMIN_ADDRESS, "[::1]:0", Optional.of(new AdminAddress("::1", 0)));
    sample(Options.ADMIN_ALLOW_REMOTE, "ON", true);
  }

  private static Networks loopback() {
    return new Networks(List.of(new Networks.Network(InetAddress.getLoopbackAddress(), 32)));
  }

  private static <T> void sample(Option<T> option, String text, T value) {
    SAMPLES.put(option, Map.entry(text, value));
  }

  private final Path directory;

  OptionsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void withoutAnySourceEveryOptionHasItsDefault() throws Exception {
    OptionValues values =
        OptionSources.read(Map.of(), Map.of(), directory.resolve("not-there.cnf"));
    for (Option<?> option : Options.ALL) {
      Object expected =
          option.equals(Options.DEFAULTS_FILE)
              ? Optional.empty()
              : option.check().parse(option.defaultText());
      assertEquals(expected, values.get(option), option.name());
    }
  }

  @Test
  void everyDeclaredOptionIsListedInItsPlace() throws Exception {
    List<Object> declared = new ArrayList<>();
    for (Field field : Options.class.getFields()) {
      if (field.getType() == Option.class) {
        declared.add(field.get(null));
      }
    }
    assertEquals(declared, Options.ALL);
  }

  @Test
  void everyOptionHasTheDefaultThatItsUsersRelyOn() {
    assertEquals(
        """
        defaults-file=/etc/mysql-tls-proxy.cnf
        bind-address=127.0.0.1
        port=3307
        backend=127.0.0.1:3306
        backend-public-key-file=
        enable-cleartext-plugin=OFF
        ssl-cert=
        ssl-key=
        ssl-self-signed-dir=
        ssl-key-passphrase-file=
        ssl-ca=
        ssl-capath=
        ssl-crl=
        ssl-crlpath=
        require-secure-transport=ON
        require=
        accounts=
        disconnect-no-longer-admitted=ON
        tls-version=TLSv1.2,TLSv1.3
        ssl-cipher=ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        tls-ciphersuites=TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
        tls-groups=X25519MLKEM768:X25519:prime256v1:secp384r1
        ssl-session-cache-mode=ON
        ssl-session-cache-timeout=300
        tls-ticket-key-file=
        connect-timeout=8
        max-connections=0
        max-unauthenticated=64
        max-unauthenticated-per-address=0
        server-version=
        ssl-status=ON
        client-attributes=ON
        proxy-protocol-networks=
        backend-proxy-protocol=OFF
        drain-timeout=30
        takeover=OFF
        log-level=info
        log-format=text
        admin-address=
        admin-allow-remote=OFF
        """,
        Options.ALL.stream()
            .map(option -> option.name() + "=" + option.defaultText() + "\n")
            .collect(Collectors.joining()));
  }

  @Test
  void theSamplesCoverEveryOptionAndNoneIsADefault() throws Exception {
    Set<Option<?>> others = new HashSet<>(Options.ALL);
    others.remove(Options.DEFAULTS_FILE);
    assertEquals(others, SAMPLES.keySet());
    OptionValues defaults = OptionSources.read(Map.of(), Map.of(), NO_FILE);
    SAMPLES.forEach(
        (option, sample) ->
            assertNotEquals(defaults.get(option), sample.getValue(), option.name()));
  }

  @Test
  void everyOptionIsReadFromAFlag() throws Exception {
    assertSamples(OptionSources.read(sampleFlags(), Map.of(), NO_FILE));
  }

  @Test
  void everyOptionIsReadFromAVariable() throws Exception {
    Map<String, String> environment =
        SAMPLES.entrySet().stream()
            .collect(toMap(e -> e.getKey().variable(), e -> e.getValue().getKey()));
    assertSamples(OptionSources.read(Map.of(), environment, NO_FILE));
  }

  @Test
  void everyOptionIsReadFromTheOptionFile() throws Exception {
    String lines =
        SAMPLES.entrySet().stream()
            .map(e -> e.getKey().name() + "=" + e.getValue().getKey() + "\n")
            .collect(Collectors.joining());
    Path file = file("all.cnf", "[mysql-tls-proxy]\n" + lines);
    assertSamples(OptionSources.read(Map.of(), Map.of(), file));
  }

  private static Map<String, String> sampleFlags() {
    return SAMPLES.entrySet().stream()
        .collect(toMap(e -> e.getKey().name(), e -> e.getValue().getKey()));
  }

  private static void assertSamples(OptionValues values) {
    SAMPLES.forEach(
        (option, sample) -> assertEquals(sample.getValue(), values.get(option), option.name()));
  }

  @Test
  void aFlagWinsOverAVariableAndAVariableOverTheOptionFile() throws Exception {
    Path file = file("p.cnf", "[mysql-tls-proxy]\nport=1\nconnect-timeout=11\ndrain-timeout=21\n");
    OptionValues values =
        OptionSources.read(
            Map.of("port", "3"),
            Map.of("MYSQL_TLS_PROXY_PORT", "2", "MYSQL_TLS_PROXY_CONNECT_TIMEOUT", "12"),
            file);
    assertEquals(3, values.get(Options.PORT));
    assertEquals(Duration.ofSeconds(12), values.get(Options.CONNECT_TIMEOUT));
    assertEquals(Duration.ofSeconds(21), values.get(Options.DRAIN_TIMEOUT));
    assertEquals(LogLevel.INFO, values.get(Options.LOG_LEVEL));
  }

  @Test
  void theOptionFileThatAFlagNamesReplacesTheOneThatAVariableNamesAndTheUsualOne()
      throws Exception {
    Path usual = file("usual.cnf", "[mysql-tls-proxy]\nport=1\nlog-level=trace\n");
    Path variable = file("variable.cnf", "[mysql-tls-proxy]\nport=2\n");
    Path flag = file("flag.cnf", "[mysql-tls-proxy]\nport=3\n");
    Map<String, String> environment = Map.of("MYSQL_TLS_PROXY_DEFAULTS_FILE", variable.toString());
    assertEquals(2, OptionSources.read(Map.of(), environment, usual).get(Options.PORT));
    OptionValues values =
        OptionSources.read(Map.of("defaults-file", flag.toString()), environment, usual);
    assertEquals(3, values.get(Options.PORT));
    assertEquals(LogLevel.INFO, values.get(Options.LOG_LEVEL));
    assertEquals(Optional.of(flag), values.get(Options.DEFAULTS_FILE));
  }

  @Test
  void anEmptyVariableCountsAsUnset() throws Exception {
    OptionValues values =
        OptionSources.read(
            Map.of(), Map.of("MYSQL_TLS_PROXY_PORT", "", "MYSQL_TLS_PROXY_FOO", ""), NO_FILE);
    assertEquals(3307, values.get(Options.PORT));
  }

  @Test
  void anUnknownVariableIsAnErrorThatNamesTheNearestOne() {
    assertEquals(
        "MYSQL_TLS_PROXY_SSL_CRT: no option has this variable;"
            + " did you mean MYSQL_TLS_PROXY_SSL_CERT?",
        messageOf(Map.of(), Map.of("MYSQL_TLS_PROXY_SSL_CRT", "x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MYSQL_TLS_PROXY",
        "MYSQL_TLS_PROXY_ANYTHING",
        "MYSQL_TLS_PROXY_ADMIN",
        "MYSQL_TLS_PROXY_BACKEND",
        "MYSQL_TLS_PROXY_BIND_ADDRESS",
        "MYSQL_TLS_PROXY_2",
        "MYSQL_TLS_PROXY_PORT_3307"
      })
  void theVariablesThatKubernetesAndDockerSetForAServiceAreNoOptions(String service)
      throws Exception {
    OptionValues values =
        OptionSources.read(
            Map.of(),
            Map.of(
                service + "_SERVICE_HOST", "10.96.0.7",
                service + "_SERVICE_PORT", "3306",
                service + "_SERVICE_PORT_MYSQL_TLS", "3306",
                service + "_PORT", "tcp://[fd00::7]:3306",
                service + "_PORT_3306_TCP", "tcp://10.96.0.7:3306",
                service + "_PORT_3306_TCP_PROTO", "tcp",
                service + "_PORT_3306_TCP_PORT", "3306",
                service + "_PORT_53_UDP_ADDR", "10.96.0.7",
                service + "_NAME", "/web/mysql-tls-proxy",
                service + "_ENV_LANG", "C"),
            NO_FILE);

    assertEquals(OptionSources.read(Map.of(), Map.of(), NO_FILE).flags(), values.flags());
  }

  @Test
  void aVariableThatOnlyResemblesOneOfAServiceIsAnError() {
    for (String variable : List.of("ADMIN_PORT", "BACKEND_PORT", "PORT_3307", "HOST_NAME")) {
      String name = "MYSQL_TLS_PROXY_" + variable;
      assertTrue(
          messageOf(Map.of(), Map.of(name, "3306")).startsWith(name + ": no option has"), name);
    }
  }

  @Test
  void aMessageNamesTheVariableTheOptionTheValueAndTheCure() {
    assertEquals(
        "MYSQL_TLS_PROXY_PORT: port=http: not a port; give a whole number from 0 to 65535",
        messageOf(Map.of(), Map.of("MYSQL_TLS_PROXY_PORT", "http")));
  }

  @Test
  void aValueThatTurnsOutWrongLaterIsReportedWithItsPlace() throws Exception {
    Path file = file("late.cnf", "[mysql-tls-proxy]\nssl-cert=/none.pem\n");
    OptionValues values = OptionSources.read(Map.of("ssl-key", "/none"), Map.of(), file);
    assertEquals(
        file + ":2: ssl-cert=/none.pem: no such file; make it",
        values.wrong(Options.SSL_CERT, "no such file", "make it").getMessage());
    assertEquals(
        "--ssl-key=/none: no such file; make it",
        values.wrong(Options.SSL_KEY, "no such file", "make it").getMessage());
    assertEquals(
        "--ssl-ca: not given; give FILE",
        values.wrong(Options.SSL_CA, "not given", "give FILE").getMessage());
    assertEquals(
        "--port=3307: in use; give another",
        values.wrong(Options.PORT, "in use", "give another").getMessage());
  }

  @Test
  void theFlagsOfTheValuesGiveTheSameValuesAgain() throws Exception {
    List<String> flags = OptionSources.read(sampleFlags(), Map.of(), NO_FILE).flags();
    Map<String, String> again =
        flags.stream()
            .map(flag -> flag.substring("--".length()).split("=", 2))
            .collect(toMap(flag -> flag[0], flag -> flag[1]));
    assertSamples(OptionSources.read(again, Map.of(), NO_FILE));
  }

  @Test
  void anEmptyFlagIsRefusedSoThatAnUnsetShellVariableSwitchesNothingOff() {
    for (Option<?> option : Options.ALL) {
      assertEquals(
          "--" + option.name() + "=: empty; give " + option.argument() + " or leave the option out",
          messageOf(Map.of(option.name(), ""), Map.of()));
    }
  }

  @Test
  void aMessageIsOneLineWhateverTheValue() {
    assertEquals(
        "--port=1?2: not a port; give a whole number from 0 to 65535",
        messageOf(Map.of("port", "1\n2"), Map.of()));
  }

  private static String messageOf(Map<String, String> flags, Map<String, String> environment) {
    return String.valueOf(
        assertThrows(OptionException.class, () -> OptionSources.read(flags, environment, NO_FILE))
            .getMessage());
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }
}
