package io.mysqltlsproxy.account.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.text.InvalidNotationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostCoverTest {

  @ParameterizedTest
  @CsvSource({
    "%, 10.0.0.7, true",
    "%, db_1, true",
    "'', %, true",
    "10.%, 10.0.%, true",
    "10.%, 10.0.0.7, true",
    "10.%, 101.0.0.7, false",
    "10.0.%, 10.%, false",
    "127.%, 127.%.7, true",
    "127.%.7, 127.%, false",
    "10.0.0._, 10.0.0.7, false",
    "10.0.0.0/8, 10.0.0.7, true",
    "10.0.0.0/8, 10.7.0.0/16, true",
    "10.7.0.0/16, 10.0.0.0/8, false",
    "10.0.0.0/255.0.0.0, 10.0.0.0/8, true",
    "10.0.0.0/8, 10.7.%, true",
    "10.0.0.0/16, 10.0.7.%, true",
    "10.0.0.0/16, 10.%, false",
    "10.0.0.0/16, 10.1.%, false",
    "10.0.0.0/8, 300.%, false",
    "10.0.0.0/8, %.7, false",
    "192.168.%, 10.0.0.0/8, false",
    "10.0.%, 10.0.0.0/8, false",
    "10.0.%, 10.0.0.0/16, true",
    "10.%, 10.0.0.0/12, true",
    "localhost, localhost, true",
    "localhost, 127.0.0.1, false"
  })
  void aHostTakesInAnotherWhereEveryClientOfThatIsItsOwn(String wide, String narrow, boolean covers)
      throws InvalidNotationException {
    assertEquals(covers, HostCover.covers(HostPattern.parse(wide), HostPattern.parse(narrow)));
  }
}
