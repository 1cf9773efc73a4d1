package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CipherNamesTest {

  @ParameterizedTest
  @CsvSource({
    "TLS_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_RSA_WITH_AES_256_CBC_SHA, AES256-SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA256, AES256-SHA256",
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384, DHE-RSA-AES256-GCM-SHA384",
    "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA, DHE-RSA-CAMELLIA256-SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8, ECDHE-ECDSA-AES128-CCM8",
    "SSL_RSA_WITH_3DES_EDE_CBC_SHA, DES-CBC3-SHA",
    "TLS_DH_anon_WITH_AES_128_CBC_SHA, ADH-AES128-SHA",
    "TLS_ECDH_anon_WITH_AES_128_CBC_SHA, AECDH-AES128-SHA",
    "SSL_RSA_WITH_RC4_128_MD5, RC4-MD5",
    "SSL_RSA_EXPORT_WITH_DES40_CBC_SHA, EXP-DES-CBC-SHA",
    "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA, ECDHE-PSK-AES128-CBC-SHA",
  })
  void aJavaNameBecomesOpenSslsName(String java, String openSsl) {
    assertEquals(openSsl, CipherNames.toOpenSsl(java));
  }

  @Test
  void everySuiteOfBoringSslGetsTheNameThatBoringSslGivesIt() {
    assumeTrue(OpenSsl.isAvailable());
    assertEquals(
        OpenSsl.availableOpenSslCipherSuites().stream()
            .filter(
                name ->
                    !name.startsWith("AEAD-")
                        && !CipherNames.isTls13(name)) // TLSv1.3, of which it has names of its own
            .collect(Collectors.toSet()),
        OpenSsl.availableJavaCipherSuites().stream()
            .filter(name -> !CipherNames.isTls13(name))
            .map(CipherNames::toOpenSsl)
            .collect(Collectors.toSet()));
  }

  @Test
  void everySuiteOfTheJdkGetsTheNameThatOpenSslGivesIt() throws Exception {
    Map<String, String> openSsl = openSslNames();
    for (String suite : SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()) {
      String iana = suite.replaceFirst("^SSL_", "TLS_");
      if (openSsl.containsKey(iana)) {
        assertEquals(openSsl.get(iana), CipherNames.toOpenSsl(suite));
      }
    }
  }

  @Test
  void aNameLeadsBackToTheEnginesOwn() {
    CipherNames names =
        new CipherNames(List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"));
    assertEquals(
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        names.toJava("ECDHE-RSA-AES128-GCM-SHA256").orElseThrow());
    assertEquals(List.of("TLS_AES_128_GCM_SHA256"), names.known(true));
    assertEquals(List.of("ECDHE-RSA-AES128-GCM-SHA256"), names.known(false));
  }

  @Test
  void suitesThatProtectNothingAreNotKnown() throws Exception {
    CipherNames names =
        new CipherNames(
            Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()));
    assertTrue(names.toJava("ECDHE-RSA-AES256-GCM-SHA384").isPresent());
    assertFalse(names.toJava("NULL-SHA256").isPresent());
    assertFalse(names.toJava("ADH-AES128-SHA").isPresent());
  }

  private static Map<String, String> openSslNames() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
    Process openssl =
        new ProcessBuilder("/usr/bin/openssl", "ciphers", "-stdname", "ALL:COMPLEMENTOFALL")
            .start();
    String text = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    Map<String, String> names = new HashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.strip().split("\\s+", -1);
      names.put(words[0], words[2]);
    }
    assertTrue(names.size() > 20);
    return names;
  }
}
