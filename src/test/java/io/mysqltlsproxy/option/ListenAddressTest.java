package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Permission denied              | 443  | may not listen below port 1024: choose a greater port, or give the service CAP_NET_BIND_SERVICE
          Permission denied              | 3306 | choose another address or port
          Address already in use         | 3306 | choose another port, or stop the process that is using it (ss -ltnp shows it)
          Cannot assign requested address | 3306 | give an address of this machine (ip address shows them), or *
          Protocol family unavailable    | 3306 | choose another address or port
          """)
  void theCureFitsTheReason(String reason, int port, String cure) {
    String hint = ListenAddress.hint(reason, port);

    assertTrue(hint.endsWith(cure), hint);
  }
}
