package io.mysqltlsproxy.account.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostIndexTest {

  @Test
  void itFindsWhatTryingEachHostWouldFind() throws Exception {
    Random random = new Random(20261121);
    for (int round = 0; round < 300; round++) {
      HostIndex index = new HostIndex();
      List<String> hosts = new ArrayList<>();
      for (int i = random.nextInt(60); i >= 0; i--) {
        String host = host(random);
        index.add(HostPattern.parse(host), hosts.size());
        hosts.add(host);
      }
      for (int i = 0; i < 200; i++) {
        ClientHost client = ClientHost.of(InetAddress.getByName(address(random)));

        assertEquals(first(hosts, client), index.first(client), () -> client + " in " + hosts);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "local\\_ost,  127.0.0.1, false",
    "local\\ost,   127.0.0.1, false",
    "lo\\calhost,  127.0.0.1, true",
    "127.0.0.1\\,  127.0.0.1, false",
    "LOCALHOST,    ::1,       true",
    "'',           ::1,       true",
    "%%,           10.0.0.7,  true",
    "10.0.0.%_,    10.0.0.7,  true",
    "10.0.0.7%_,   10.0.0.7,  false",
  })
  void patternsAreAsInLike(String host, String client, boolean matches) throws Exception {
    HostIndex index = new HostIndex();
    index.add(HostPattern.parse(host), 1);

    assertEquals(
        matches ? 1 : HostIndex.NONE, index.first(ClientHost.of(InetAddress.getByName(client))));
  }

  @Test
  void noPatternTakesForEver() {
    HostIndex index = new HostIndex();
    ClientHost client = new ClientHost("x", "1111:1111:1111:1111:1111:1111:1111:1111");

    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          index.add(HostPattern.parse("%1".repeat(100) + "2"), 1);
          index.add(HostPattern.parse("%_".repeat(100) + "2"), 2);
          index.add(HostPattern.parse("%1_".repeat(10) + "2"), 3);
          assertEquals(HostIndex.NONE, index.first(client));
        });
  }

  private static String host(Random random) {
    int bits = 24 + random.nextInt(9);
    return switch (random.nextInt(4)) {
      case 0 -> address(random);
      case 1 -> "10.0.%d.0/%d".formatted(2 * random.nextInt(2), 23 + random.nextInt(2));
      case 2 -> "10.0.0.%d/%d".formatted(random.nextInt(256) >> (32 - bits) << (32 - bits), bits);
      default -> address(random).replaceAll(random.nextBoolean() ? "[01]" : "0+", wild(random));
    };
  }

  private static String wild(Random random) {
    return List.of("%", "_", "_%", "%_").get(random.nextInt(4));
  }

  private static String address(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "127.0.0." + (1 + random.nextInt(3));
      case 1 -> "fe80::" + (1 + random.nextInt(20));
      default -> "10.0.%d.%d".formatted(random.nextInt(3), random.nextInt(256));
    };
  }

  private static int first(List<String> hosts, ClientHost client) {
    for (int i = 0; i < hosts.size(); i++) {
      if (matches(hosts.get(i), client)) {
        return i;
      }
    }
    return HostIndex.NONE;
  }

  private static boolean matches(String host, ClientHost client) {
    int slash = host.indexOf('/');
    if (slash >= 0) {
      int shift = 32 - Integer.parseInt(host.substring(slash + 1));
      long network = Addresses.ipv4(host.substring(0, slash));
      return client.ipv4() >= 0 && client.ipv4() >> shift == network >> shift;
    }
    Pattern pattern =
        Pattern.compile(host.replace(".", "\\.").replace("%", ".*").replace('_', '.'));
    return pattern.matcher(client.name()).matches() || pattern.matcher(client.address()).matches();
  }
}
