package io.mysqltlsproxy.net;

import static io.mysqltlsproxy.option.ProxyProtocol.V1;
import static io.mysqltlsproxy.option.ProxyProtocol.V2;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.option.ProxyProtocol;
import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a ";

  @Test
  void aHeaderOfTheProxysOwnHasNoAddresses() {
    assertEquals("PROXY UNKNOWN\r\n", text(toServer(V1, Optional.empty())));
    assertArrayEquals(Packets.hex(SIGNATURE + "20 00 0000"), toServer(V2, Optional.empty()));
  }

  @Test
  void addressesOfOneFamilyAreSentInIt() throws Exception {
    assertEquals(
        "PROXY TCP4 10.0.0.7 10.0.0.1 1000 3306\r\n", text(toServer(V1, "10.0.0.7", "10.0.0.1")));
    assertEquals(
        "PROXY TCP6 2001:db8::7 ::1 1000 3306\r\n", text(toServer(V1, "2001:db8::7", "::1")));
    assertArrayEquals(
        Packets.hex(SIGNATURE + "21 11 000c 0a000007 0a000001 03e8 0cea"),
        toServer(V2, "10.0.0.7", "10.0.0.1"));
    assertArrayEquals(
        Packets.hex(
            SIGNATURE
                + "21 21 0024 20010db8000000000000000000000007 00000000000000000000000000000001"
                + " 03e8 0cea"),
        toServer(V2, "2001:db8::7", "::1"));
  }

  @Test
  void addressesOfTwoFamiliesAreBothSentAsIpv6() throws Exception {
    assertEquals(
        "PROXY TCP6 ::ffff:a00:7 2001:db8::1 1000 3306\r\n",
        text(toServer(V1, "10.0.0.7", "2001:db8::1")));
    assertArrayEquals(
        Packets.hex(
            SIGNATURE
                + "21 21 0024 20010db8000000000000000000000007 00000000000000000000ffff0a000001"
                + " 03e8 0cea"),
        toServer(V2, "2001:db8::7", "10.0.0.1"));
  }

  private static byte[] toServer(ProxyProtocol version, String source, String destination)
      throws UnknownHostException {
    return toServer(
        version,
        Optional.of(
            new ProxyHeader(
                new InetSocketAddress(InetAddress.getByName(source), 1000),
                new InetSocketAddress(InetAddress.getByName(destination), 3306))));
  }

  private static byte[] toServer(ProxyProtocol version, Optional<ProxyHeader> client) {
    ByteBuf header = ProxyHeader.toServer(version, client, UnpooledByteBufAllocator.DEFAULT);
    try {
      return ByteBufUtil.getBytes(header);
    } finally {
      header.release();
    }
  }

  private static String text(byte[] header) {
    return new String(header, StandardCharsets.US_ASCII);
  }
}
