package io.mysqltlsproxy.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpTextTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 127.0.0.1:3307",
    "0:0:0:0:0:0:0:1, ::1, [::1]:3307",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1, [2001:db8::1:0:0:1]:3307",
    "fe80:0:0:0:0:0:0:1%lo, fe80::1, [fe80::1]:3307",
    "::, ::, [::]:3307",
  })
  void anAddressIsWrittenAsRfc5952AsksFor(String address, String text, String withPort)
      throws Exception {
    InetAddress parsed = InetAddress.getByName(address.replace("%lo", ""));

    assertEquals(text, IpText.of(parsed));
    assertEquals(withPort, IpText.withPort(new InetSocketAddress(parsed, 3307)));
  }
}
