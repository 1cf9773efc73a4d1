package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Packets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a client's arrival to the connection to the server. */
@ExtendWith(MemoryProxy.Silence.class)
class ConnectionAcceptorTest {
  private static final int WITH_HEADERS = 2;

  @Test
  void aFailureOfTheProxysOwnIsNotTheServersAndFreesThePlaceOnce() {
    MemoryProxy proxy = MemoryProxy.accept(0);
    proxy.failWhenConnected(new IllegalStateException("a test"));

    proxy.serverAccepts();

    assertEquals(List.of(CloseReason.INTERNAL_ERROR), proxy.ends());
    assertFalse(proxy.server().orElseThrow().isOpen());
    assertFalse(proxy.client().isOpen());
    assertTrue(proxy.isPlaceFree());
    assertFalse(proxy.isPlaceFree(), "there is only one");
  }

  @Test
  void aHeaderWithAddressesOfTwoFamiliesReachesTheServer() {
    MemoryProxy proxy = MemoryProxy.accept(WITH_HEADERS);
    byte[] header =
        Packets.hex(
            "0d0a0d0a000d0a515549540a 21 21 0024 00000000000000000000ffff0a000007"
                + " 20010db8000000000000000000000001 03e8 0cea");

    proxy.client().arrive(header);
    proxy.serverAccepts();

    assertArrayEquals(header, proxy.server().orElseThrow().written());
    proxy.end(true);
  }
}
