package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverheadFlagsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          --backend=::1 ~ --backend=::1: an IPv6 address needs brackets; write [::1] or \
          [ADDRESS]:3306
          --clients=1,many ~ --clients=many: not a number of clients; give a whole number from 1 to 4096
          --rounds=0 ~ --rounds=0: not a number of rounds; give a whole number from 1 to 1000
          --time=0.5 ~ --time=0.5: not a number of seconds; give a whole number from 1 to 3600
          --idle=-1 ~ --idle=-1: not a number of connections; give a whole number from 0 to 4096
          --quick --scaling ~ --quick and --scaling: give one of them
          --target=other ~ --target=other: not a name and an address; give NAME=HOST:PORT, with ,plain for \
          a way without TLS and ,pid=N for its CPU
          --target=a=h:1 --target=b=h:1,tls ~ --target=b=h:1,tls: 'tls' says nothing; give \
          NAME=HOST:PORT, with ,plain for a way without TLS and ,pid=N for its CPU
          --password-file=/no/such ~ --password-file=/no/such: cannot be read; give a file that \
          contains only the password
          """)
  void aWrongFlagIsOneLineThatNamesItsCureWithStatus2(String flags, String message) {
    assertEquals(Invocation.wrongOptions(message), Invocation.of(("overhead " + flags).split(" ")));
  }
}
