package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.0/8            | 10.255.0.1   | true
          10.0.0.0/8            | 11.0.0.1     | false
          10.1.2.3/8            | 10.0.0.1     | true
          192.168.7.128/25      | 192.168.7.127 | false
          192.168.7.128/25      | 192.168.7.129 | true
          127.0.0.1             | 127.0.0.1    | true
          127.0.0.1             | 127.0.0.2    | false
          10.0.0.0/8, fd00::/8  | fd12::1      | true
          fd00::/8              | fe80::1      | false
          ::1                   | ::1          | true
          ::/0                  | 10.0.0.1     | false
          ::ffff:10.0.0.1       | 10.0.0.1     | true
          *                     | 8.8.8.8      | true
          *                     | 2001:db8::1  | true
          """)
  void anAddressIsInANetworkByItsLeadingBits(String list, String address, boolean in)
      throws Exception {
    assertEquals(in, Networks.parse(list).contain(InetAddress.getByName(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "10.0.0.0/33",
        "::/129",
        "10.0.0/8",
        "10.0.0.0/",
        "a,b",
        "*,::1",
        "/8"
      })
  void whatIsNoListOfNetworksIsRefused(String list) {
    assertThrows(InvalidValueException.class, () -> Networks.parse(list));
  }
}
