package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.SoftHsm;
import io.mysqltlsproxy.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys on tokens that cannot be used, and what the proxy says of it. */
class TokenFailuresIT {
  private static final String SPY = "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so";

  private final Path directory;
  private final Issued issued =
      ProxyCertificates.shared().authority().issueServer("localhost", KeyType.EC);
  private final Path pin;
  private SoftHsm token;

  TokenFailuresIT(@TempDir Path directory) {
    this.directory = directory;
    pin = Issued.writeSecret(directory.resolve("pin"), SoftHsm.PIN + "\n");
    issued.writeCertificate(directory.resolve("cert.pem"));
  }

  @BeforeEach
  void plugIn() throws IOException {
    SoftHsm.unavailable().ifPresent(Assumptions::abort);
    token = SoftHsm.create().put(issued, "server key", "01");
  }

  @AfterEach
  void end() throws IOException {
    if (token != null) {
      token.close();
    }
  }

  private static String encoded(String text) {
    return text.replace(" ", "%20");
  }

  private String uri() {
    return token.uri(encoded("server key"));
  }

  private String key() {
    return uri() + "&pin-source=file:" + pin;
  }

  private String refusal(String key, String... more) {
    Map<String, String> flags = new HashMap<>();
    flags.put("ssl-cert", directory.resolve("cert.pem").toString());
    flags.put("ssl-key", key);
    for (String option : more) {
      flags.put(
          option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
    }
    return String.valueOf(
        assertThrows(
                OptionException.class,
                () ->
                    ServerTls.load(
                        OptionSources.read(flags, Map.of(), directory.resolve("none.cnf"))))
            .getMessage());
  }

  private static void says(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), () -> part + " is not in: " + message);
    }
  }

  @Test
  void aWrongPinIsNotTriedAgainButTheRightOneIs() throws Exception {
    Issued.writeSecret(pin, "wrong\n");
    for (int i = 0; i < 2; i++) {
      says(
          refusal(key()),
          "--ssl-key=pkcs11:token=",
          "the PIN of " + pin + " is not that of the token '" + token.label() + "'",
          "write the right one there; this one is not tried again");
    }

    Issued.writeSecret(pin, SoftHsm.PIN + "\n");
    try (RunningProxy proxy =
            RunningProxy.before(
                Servers.mysql55().address(),
                "ssl-cert=" + directory.resolve("cert.pem"),
                "ssl-key=" + key());
        RawClient client = RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root")) {
      client.run("DO 1");
    }
  }

  /** As the module hears it: a token locks itself after some wrong PINs. */
  @Test
  void aWrongPinIsTriedOnceByRunAndOnceByCheck() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of(SPY)), "opensc-pkcs11: src/test/bin/install-tools");
    Issued.writeSecret(pin, "wrong\n");
    String spied =
        key().replace("module-path=" + SoftHsm.module().orElseThrow(), "module-path=" + SPY);
    Path calls = directory.resolve("calls");
    List<String> spy =
        List.of("env", "PKCS11SPY=" + SoftHsm.module().orElseThrow(), "PKCS11SPY_OUTPUT=" + calls);
    try (ProxyProcess proxy =
        ProxyProcess.startedBy(
            spy,
            ProxyProcess.options(
                "127.0.0.1:" + Servers.mysql55().port(),
                "ssl-cert=" + directory.resolve("cert.pem"),
                "ssl-key=" + spied))) {
      assertEquals(2, proxy.status());
      says(String.join("\n", proxy.errors()), "is not that of the token");
    }
    assertEquals(1, logins(calls));
    Files.delete(calls);

    Tool.Result result =
        check(
            spied,
            Map.of(
                "PKCS11SPY", SoftHsm.module().orElseThrow().toString(),
                "PKCS11SPY_OUTPUT", calls.toString()));
    assertEquals(1, result.status(), result::text);
    says(result.text(), "key", "is not that of the token");
    assertEquals(1, logins(calls));
  }

  private Tool.Result check(String key, Map<String, String> environment) {
    ProcessBuilder check =
        new ProcessBuilder(
            Path.of("bin", "mysql-tls-proxy").toAbsolutePath().toString(),
            "check",
            "--backend=127.0.0.1:" + Servers.mysql55().port(),
            "--ssl-cert=" + directory.resolve("cert.pem"),
            "--ssl-key=" + key);
    check.environment().put("JAVA_HOME", System.getProperty("java.home"));
    check.environment().putAll(environment);
    return Tool.run(check);
  }

  private static long logins(Path calls) throws IOException {
    try (var lines = Files.lines(calls)) {
      return lines.filter(line -> line.contains(": C_Login")).count();
    }
  }

  @Test
  void aMissingTokenIsNamedBesideThoseThatAreThere() {
    says(
        refusal(key().replace(token.label(), "elsewhere")),
        "the module has no such token, but ",
        "'" + token.label() + "' (serial ",
        "check that the token is connected, and what the URI says of it");
  }

  @Test
  void aUriThatFitsSeveralTokensIsRefused() throws IOException {
    try (SoftHsm other = SoftHsm.create()) {
      // In a process of its own: SoftHSM does not look for new tokens again.
      Tool.Result result = check(key().replace("token=" + token.label() + ";", ""), Map.of());
      assertEquals(1, result.status(), result::text);
      says(
          result.text(),
          "it matches more than one token: ",
          "'" + token.label() + "'",
          "'" + other.label() + "'",
          "add token=LABEL, serial=NUMBER or slot-id=NUMBER to the URI");
    }
  }

  @Test
  void checkFindsTheKeyAndSigns() {
    Tool.Result result = check(key(), Map.of());
    says(
        result.text(),
        "the token has a key for EC, and signs with it",
        "key-pair",
        "the key is that of the certificate CN=localhost",
        "only its owner can read " + pin);
  }

  @Test
  void aMissingModuleIsNamed() {
    String module = SoftHsm.module().orElseThrow().toString();
    says(
        refusal(key().replace(module, "/nowhere/libsofthsm2.so")),
        "module-path: /nowhere/libsofthsm2.so: no such file",
        "give the PKCS#11 library of the token's maker");
    says(refusal(key().replace(module, "/etc/hostname")), "/etc/hostname cannot be loaded: ");
    says(
        refusal("pkcs11:object=a?module-name=nothing"),
        "module-name: no nothing.so in ",
        "with module-path=FILE");
  }

  @Test
  void aModuleIsFoundByItsName() {
    says(
        refusal("pkcs11:token=elsewhere?module-name=softhsm2"),
        "the module has no such token, but");
  }

  @Test
  void aMissingKeyIsNamedBesideThoseThatAreThere() {
    says(
        refusal(key().replace("object=server%20key", "object=another")),
        "has no such private key, but 'server key' (id=%01)",
        "check object= and id= in the URI");
  }

  @Test
  void aUriThatFitsSeveralKeysIsRefused() throws IOException {
    token.put(
        ProxyCertificates.shared().authority().issueServer("localhost", KeyType.EC),
        "server key",
        "02");
    says(
        refusal(key()),
        "has 2 private keys that match: ",
        "'server key' (id=%02)",
        "add object=LABEL or id=%01 to the URI");
    says(refusal(key().replace("object", "id=%02;object")), "not the key of the certificate");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() {
    ProxyCertificates.shared()
        .authority()
        .issueServer("localhost", KeyType.EC)
        .writeCertificate(directory.resolve("cert.pem"));
    says(
        refusal(key()),
        "not the key of the certificate CN=localhost in --ssl-cert",
        "give the key that the certificate was requested with");
  }

  @Test
  void aPinThatCannotBeReadIsSaidOfItsFile() throws IOException {
    says(refusal(uri()), "wants a PIN", "give --ssl-key-passphrase-file=FILE, or pin-source=file:");
    says(
        refusal(uri(), "ssl-key-passphrase-file=/nowhere/pin"),
        "PIN of /nowhere/pin: no such file; check the path");
    Issued.writeSecret(pin, "\n");
    says(refusal(key()), "PIN of " + pin + ": the first line is empty; write the PIN there");
    says(
        refusal(key(), "ssl-key-passphrase-file=" + pin),
        "--ssl-key-passphrase-file=" + pin + ": the URI of --ssl-key has a pin-source, too");
  }

  @Test
  void aPinInTheOptionIsRefusedAndNotShown() {
    String message = refusal(uri() + "&pin-value=secret99");
    says(message, "--ssl-key: a PIN in an option can be read by everyone", "pin-source=file:/PATH");
    assertFalse(message.contains("secret99"), message);
  }

  @Test
  void aTokenThatGoesAwayFailsLoginsUntilItComesBack() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.before(
            Servers.mysql55().address(),
            "ssl-cert=" + directory.resolve("cert.pem"),
            "ssl-key=" + key())) {
      try (RawClient client = RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root")) {
        client.run("DO 1");
        token.remove();
        assertThrows(IOException.class, () -> proxy.encrypt().close());
        assertTrue(Await.until(() -> proxy.linesWith("TLS handshake failed: ") > 0));
        assertEquals(
            1,
            proxy.linesWith(
                "the token did not sign with the proxy's key: see what the log says of"),
            proxy.lines()::toString);
        client.run("DO 1"); // whoever is in stays in
      }

      token = SoftHsm.create(token.label()).put(issued, "server key", "01");

      try (RawClient client = RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root")) {
        client.run("DO 1");
      }
    }
  }

  @Test
  void aRenewedCertificateIsShownWithItsNewKeyOnTheToken() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.before(
            Servers.mysql55().address(),
            "ssl-cert=" + directory.resolve("cert.pem"),
            "ssl-key=" + key())) {
      Issued next = ProxyCertificates.shared().authority().issueServer("localhost", KeyType.RSA);
      token.remove();
      token = SoftHsm.create(token.label()).put(next, "server key", "02");
      next.writeCertificate(directory.resolve("cert.pem"));

      Await.until(() -> !proxy.reloadLines().isEmpty());
      assertTrue(
          proxy.reloadLines().get(0).startsWith("reloaded on file change: now certificate "),
          proxy.reloadLines()::toString);
      try (RawClient client = RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root")) {
        client.run("DO 1");
      }
      assertEquals(Optional.empty(), proxy.complaints().stream().findFirst());
    }
  }
}
