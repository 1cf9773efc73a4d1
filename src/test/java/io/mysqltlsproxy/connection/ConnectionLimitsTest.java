package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.connection.ConnectionLimits.Full;
import io.mysqltlsproxy.connection.ConnectionLimits.Permit;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.net.ProxyHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLimitsTest {
  private static final int PLACES = 64;

  private final ConnectionLimits limits = new ConnectionLimits(0, PLACES, 0, OptionalLong.empty());

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 2", "4, 3", "8, 6", "64, 48", "1000, 750"})
  void oneAddressAloneHasThreeQuartersAndNeverAllPlaces(int places, int expected)
      throws UnknownHostException {
    ConnectionLimits few = new ConnectionLimits(0, places, 0, OptionalLong.empty());

    assertEquals(expected, takeAll(few, "192.0.2.1"));
  }

  @Test
  void tenAddressesThatTakeAllTheyCanLeaveAPlaceForANewcomer() throws Exception {
    for (int i = 1; i <= 10; i++) {
      assertTrue(takeAll(limits, "192.0.2." + i) > 0);
    }

    limits.take(client("198.51.100.7"));
  }

  @Test
  void aPlaceThatIsGivenBackIsThereForTheSameAddressAgain() throws Exception {
    List<Permit> held = takeAllOf(limits, "192.0.2.1");
    assertThrows(Full.class, () -> limits.take(client("192.0.2.1")));

    held.get(0).release();
    Permit loggedIn = limits.take(client("192.0.2.1"));
    loggedIn.loggedIn();
    Permit another = limits.take(client("192.0.2.1"));

    assertThrows(Full.class, () -> limits.take(client("192.0.2.1")));
    loggedIn.release();
    another.release();
    held.subList(1, held.size()).forEach(Permit::release);
    assertEquals(held.size(), takeAll(limits, "192.0.2.1"));
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:1::1, 2001:db8:0:1:ffff::2", // of one /64
    "2001:db8:0:1::1, 2001:db8:0:2::1", // of one /48
    "192.0.2.1, ::ffff:192.0.2.1",
  })
  void addressesOfOneOwnerShareAShare(String first, String second) throws Exception {
    takeAll(limits, first);

    assertThrows(Full.class, () -> limits.take(client(second)));
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:1::1, 2001:db8:1:1::1",
    "192.0.2.1, 192.0.2.2",
    "192.0.2.1, 2001:db8::1",
    "::1, 127.0.0.1"
  })
  void othersDoNot(String first, String second) throws Exception {
    takeAll(limits, first);

    limits.take(client(second));
  }

  @Test
  void oneUserOfTheUnixSocketLeavesPlacesForOthers() throws Exception {
    for (int i = 0; i < 48; i++) {
      limits.take(user(1000));
    }

    Full full = assertThrows(Full.class, () -> limits.take(user(1000)));

    assertTrue(
        String.valueOf(full.getMessage())
            .startsWith("48 of --max-unauthenticated=64 on their way to a login are its user's"),
        full.getMessage());
    limits.take(user(-2)); // 4294967294
    limits.take(client("0.0.3.232"));
  }

  private static ClientAddress user(int number) {
    return new ClientAddress(
        "the Unix socket",
        new ClientHost("localhost", "localhost"),
        Optional.empty(),
        OptionalInt.of(number));
  }

  @Test
  void anAttackerWithAWholeNetworkOfIpv6HasNoMoreThanOneWithAnAddress() throws Exception {
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      try {
        limits.take(client("2001:db8:1:" + Integer.toHexString(i) + "::1"));
        taken++;
      } catch (Full expected) {
        assertTrue(
            String.valueOf(expected.getMessage()).contains("--max-unauthenticated-per-address"));
      }
    }

    assertEquals(48, taken);
  }

  @Test
  void strangersAtTheUnixSocketDoNotFillTheLog() {
    assertEquals(Optional.of("not among them"), limits.stranger("not among them").line());
    assertEquals(Optional.empty(), limits.stranger("not among them").line());
  }

  @Test
  void aNumberStandsInPlaceOfTheShare() throws Exception {
    ConnectionLimits two = new ConnectionLimits(0, PLACES, 2, OptionalLong.empty());
    ConnectionLimits all = new ConnectionLimits(0, PLACES, PLACES, OptionalLong.empty());

    assertEquals(2, takeAll(two, "192.0.2.1"));
    assertEquals(PLACES, takeAll(all, "192.0.2.1"));
  }

  @Test
  void withoutALimitOfAllThereIsNoneOfAnAddress() throws Exception {
    ConnectionLimits none = new ConnectionLimits(0, 0, 0, OptionalLong.empty());
    for (int i = 0; i < 1000; i++) {
      none.take(client("192.0.2.1"));
    }
  }

  @Test
  void aClientBehindABalancerCountsForItsOwnAddress() throws Exception {
    for (int i = 0; i < 48; i++) {
      limits.take(client("10.0.0.1")).moveTo(client("192.0.2." + i % 10));
    }
    limits.take(client("10.0.0.1")).moveTo(client("198.51.100.1"));
    Permit tooMuch = limits.take(client("10.0.0.1"));

    assertThrows(Full.class, () -> tooMuch.moveTo(client("192.0.2.3")));

    tooMuch.release();
    limits.take(client("10.0.0.1")).moveTo(client("198.51.100.2"));
  }

  @Test
  void theLimitOfOpenFilesIsALimitOfClients() throws Exception {
    ConnectionLimits few = new ConnectionLimits(1000, 0, 0, OptionalLong.of(2));
    few.take(client("192.0.2.1"));
    few.take(client("192.0.2.2"));

    Full full = assertThrows(Full.class, () -> few.take(client("192.0.2.3")));

    String message = String.valueOf(full.getMessage());
    assertTrue(message.contains("the limit of open files is "), message);
    assertTrue(
        few.problem().orElse("").matches("--max-connections=1000 .* the limit of open files .*"),
        few.problem().toString());
    assertFalse(limits.problem().isPresent());
  }

  private static int takeAll(ConnectionLimits limits, String address) throws UnknownHostException {
    return takeAllOf(limits, address).size();
  }

  private static List<Permit> takeAllOf(ConnectionLimits limits, String address)
      throws UnknownHostException {
    List<Permit> taken = new ArrayList<>();
    while (taken.size() < 10_000) {
      try {
        taken.add(limits.take(client(address)));
      } catch (Full full) {
        return taken;
      }
    }
    return taken;
  }

  private static ClientAddress client(String address) throws UnknownHostException {
    InetSocketAddress source = new InetSocketAddress(InetAddress.getByName(address), 40_000);
    return ClientAddress.of(
        new ProxyHeader(source, new InetSocketAddress(source.getAddress(), 3306)));
  }
}
