package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "*", "192.0.2.1"})
  void connectListensToOtherMachinesOnlyWhereThatIsAllowed(String address) throws Exception {
    Map<String, String> flags = new HashMap<>();
    flags.put("backend", "db.example.com:3306");
    flags.put("bind-address", address);
    OptionException refused =
        assertThrows(OptionException.class, () -> ListenAddress.of(connect(flags)));
    assertTrue(String.valueOf(refused.getMessage()).contains("not a loopback address"));
    flags.put("allow-remote-clients", "ON");
    assertFalse(ListenAddress.of(connect(flags)).getAddress().isLoopbackAddress());
    flags.put("allow-remote-clients", "OFF");
    flags.put("bind-address", "127.0.0.2");
    assertTrue(ListenAddress.of(connect(flags)).getAddress().isLoopbackAddress());
  }

  private static OptionValues connect(Map<String, String> flags) throws OptionException {
    return OptionSources.read(OptionSet.CONNECT, flags, Map.of(), Path.of("no-option-file.cnf"));
  }
}
