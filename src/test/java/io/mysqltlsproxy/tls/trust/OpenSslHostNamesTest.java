package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.testing.CertificateRequest;
import io.mysqltlsproxy.testing.KeyType;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether a certificate is for a host, beside OpenSSL as MySQL's clients use it: by {@code
 * X509_check_host}, or by {@code X509_check_ip_asc} for an address. Names and hosts are put
 * together at random from pieces that matter; {@code -Dnames.cases=N -Dnames.first=F} tries others.
 */
class OpenSslHostNamesTest {
  private static final int CASES = Integer.getInteger("names.cases", 100);
  private static final int FIRST = Integer.getInteger("names.first", 0);

  /** Enough for each of these to be drawn often. */
  private static final List<String> LABELS =
      List.of(
          "a", "A", "b-c", "*", "*", "*", "a*", "*a", "*-a", "a-*", "a*b", "**", "-a", "a-",
          "xn--a", "XN--*", "*xn--a", "x*", "a_b", "", "1", "ä", "\u212a");

  private static final List<String> DOMAINS =
      List.of("a.b", "a.b", "example.com", "b", "", "a.b.", "a..b", "-a.b", "a.b-", "*.b", "a_b.c");

  private static final List<String> FILLINGS =
      List.of("a", "", "x", "n--a", "xn--a", "a.b", "-", "a_", "Z");

  private static final List<String> ADDRESSES =
      List.of("127.0.0.1", "10.0.0.1", "::1", "2001:db8::1", "::ffff:127.0.0.1");

  private static final KeyPair KEYS = KeyType.EC.generate();

  private final Path file;

  OpenSslHostNamesTest(@TempDir Path directory) {
    file = directory.resolve("cert.pem");
  }

  @BeforeAll
  static void needsOpenSsl() {
    assumeTrue(OpenSslOracle.isAvailable());
  }

  /** A certificate's names, and the host of somebody who connects. */
  private record Case(
      List<String> subject, List<String> dns, List<String> ips, List<String> uris, String host) {
    static Case of(long seed) {
      Random random = new Random(seed);
      List<String> all = new ArrayList<>(List.of("a.b"));
      List<String> subject = some(random, all);
      List<String> dns = some(random, all);
      List<String> ips = new ArrayList<>();
      while (random.nextInt(3) == 0) {
        ips.add(pick(random, ADDRESSES));
      }
      all.addAll(ips);
      List<String> uris = random.nextInt(6) == 0 ? List.of("https://a.b") : List.of();
      String host;
      do {
        host = host(random, pick(random, all));
      } while (!isBackend(host));
      return new Case(subject, dns, ips, uris, host);
    }

    private static List<String> some(Random random, List<String> all) {
      List<String> names = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        names.add(
            random.nextInt(8) == 0
                ? pick(random, ADDRESSES)
                : pick(random, LABELS) + "." + pick(random, DOMAINS));
      }
      all.addAll(names);
      return names;
    }

    /** Mostly one that the name may stand for. */
    private static String host(Random random, String name) {
      String host = name;
      while (host.contains("*")) {
        host = host.replaceFirst("\\*", pick(random, FILLINGS));
      }
      return switch (random.nextInt(16)) {
        case 0 -> host.toUpperCase(Locale.ROOT);
        case 1 -> host + ".";
        case 2 -> "x." + host;
        case 3 -> host.substring(host.indexOf('.') + 1);
        case 4 -> pick(random, ADDRESSES);
        default -> host;
      };
    }

    private static boolean isBackend(String host) {
      try {
        return Backend.parse(host.contains(":") ? "[" + host + "]" : host) instanceof Backend.Tcp;
      } catch (InvalidValueException e) {
        return false;
      }
    }

    private static String pick(Random random, List<String> list) {
      return list.get(random.nextInt(list.size()));
    }
  }

  private static byte[] der(Case each) throws Exception {
    StringBuilder subject = new StringBuilder("O=Test");
    each.subject.forEach(name -> subject.append(",CN=").append(name));
    return CertificateRequest.selfSigned(subject.toString())
        .key(KEYS)
        .dns(each.dns.toArray(String[]::new))
        .ip(each.ips.toArray(String[]::new))
        .uri(each.uris.toArray(String[]::new))
        .issue()
        .certificate()
        .getEncoded();
  }

  private boolean ofOpenSsl(byte[] der, String host) throws Exception {
    Files.writeString(file, OpenSslOracle.pem("CERTIFICATE", List.of(der)));
    return NetUtil.createByteArrayFromIpAddressString(host) == null
        ? asks("-checkhost", host, "Hostname ")
        : asks("-checkip", host, "IP ");
  }

  private boolean asks(String option, String host, String answer)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("openssl", "x509", "-noout", "-in", file.toString(), option, host)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    if (said.contains(answer + host + " does match certificate")) {
      return true;
    }
    assertEquals(answer + host + " does NOT match certificate", said.strip());
    return false;
  }

  private static boolean ofOurs(byte[] der, String host) throws CertificateException {
    PathCertificate certificate = PathCertificate.read(der);
    try {
      new ServerIdentity(host).check(certificate);
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  @Test
  void aHostIsFoundInACertificateWhereOpenSslFindsIt() throws Exception {
    List<String> different = new ArrayList<>();
    int found = 0;
    for (int i = FIRST; i < FIRST + CASES; i++) {
      Case each = Case.of(i);
      byte[] der = der(each);
      boolean openSsl = ofOpenSsl(der, each.host());
      found += openSsl ? 1 : 0;
      if (openSsl != ofOurs(der, each.host())) {
        different.add(i + ", OpenSSL " + (openSsl ? "finds" : "does not find") + " it: " + each);
      }
    }
    assertEquals("", String.join("\n", different));
    assertTrue(found > CASES / 10, found + " of " + CASES);
  }
}
