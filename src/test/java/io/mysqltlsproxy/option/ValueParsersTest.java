package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueParsersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          port ~ 65536 ~ not a port; give a whole number from 0 to 65535
          port ~ -1 ~ not a port; give a whole number from 0 to 65535
          port ~ +1 ~ not a port; give a whole number from 0 to 65535
          port ~ 99999999999 ~ not a port; give a whole number from 0 to 65535
          connect-timeout ~ 1 ~ not a number of seconds; give a whole number from 2 to 31536000
          connect-timeout ~ 8s ~ not a number of seconds; give a whole number from 2 to 31536000
          ssl-session-cache-timeout ~ 84601 ~ not a number of seconds; give a whole number from 0 \
          to 84600
          require-secure-transport ~ maybe ~ neither ON nor OFF; give ON or OFF
          log-level ~ loud ~ not a log level; give error, warn, info, debug, trace
          log-format ~ xml ~ not a log format; give text, json
          admin-address ~ 9307 ~ not an address with a port; give HOST:PORT or [IPV6]:PORT
          admin-address ~ ::1:9307 ~ not an address with a port; give HOST:PORT or [IPV6]:PORT
          admin-address ~ localhost:x ~ not a port; give a whole number from 0 to 65535
          bind-address ~ 10.0.0.1,10.0.0.2 ~ not an address; give one IP address or name of this \
          machine, or * for all
          bind-address ~ 10.0.0.256 ~ not an address; give one IP address or name of this machine, or \
          * for all
          tls-version ~ SSLv3 ~ 'SSLv3' is not a TLS version; list some of TLSv1, TLSv1.1, TLSv1.2, \
          TLSv1.3, separated by commas
          tls-version ~ TLSv1,TLSv1.2 ~ TLSv1.1 is left out between versions that are listed; list \
          it too, or only versions next to each other
          tls-version ~ TLSv1.2, ~ '' is not a TLS version; list some of TLSv1, TLSv1.1, TLSv1.2, \
          TLSv1.3, separated by commas
          ssl-cipher ~ HIGH:!aNULL ~ 'HIGH' is not OpenSSL's name of one cipher; list names such as \
          ECDHE-RSA-AES128-GCM-SHA256 with ':' between, without keywords such as HIGH and without \
          operators
          tls-groups ~ ?X25519 ~ '?X25519' is not OpenSSL's name of one group; list names such as \
          X25519 with ':' between, without keywords such as HIGH and without operators
          max-connections ~ many ~ not a number of connections; give a whole number from 0 to \
          1000000
          server-version ~ MariaDB ~ not a version that drivers can read; give three numbers with dots \
          between and anything after them, such as 5.6.51-proxied; at most 60 printable ASCII \
          characters
          server-version ~ 5.6.51-é ~ not a version that drivers can read; give three numbers with dots \
          between and anything after them, such as 5.6.51-proxied; at most 60 printable ASCII \
          characters
          server-version ~ 5.6.51-23456789012345678901234567890123456789012345678901234567890 ~ not \
          a version that drivers can read; give three numbers with dots between and anything after \
          them, such as 5.6.51-proxied; at most 60 printable ASCII characters
          backend ~ ::1 ~ an IPv6 address needs brackets; write [::1] or [ADDRESS]:3306
          backend ~ db:0 ~ not a port; give a whole number from 1 to 65535
          backend ~ db: ~ not a port; give a whole number from 1 to 65535
          backend ~ :3306 ~ not the address of a server; give HOST:PORT, [IPV6]:PORT, HOST or unix:/PATH
          backend ~ [::1]x:1 ~ not the address of a server; give HOST:PORT, [IPV6]:PORT, HOST or \
          unix:/PATH
          backend ~ [db]:1 ~ not the address of a server; give HOST:PORT, [IPV6]:PORT, HOST or unix:/PATH
          backend ~ 10.0.0.01 ~ not the address of a server; give HOST:PORT, [IPV6]:PORT, HOST or \
          unix:/PATH
          backend ~ unix:run/s ~ not an absolute path; give the absolute path of the server's \
          socket, such as unix:/run/mysqld.sock
          """)
  void aBadValueIsRefusedWithItsReasonAndCure(String option, String text, String why) {
    OptionException refusal =
        assertThrows(
            OptionException.class,
            () -> OptionSources.read(Map.of(option, text), Map.of(), Path.of("/dev/null")));
    assertEquals("--" + option + "=" + text + ": " + why, refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "db.example.com, db.example.com:3306",
    "db:3310, db:3310",
    "[::1], [::1]:3306",
    "[fe80::1%eth0]:3310, [fe80::1%eth0]:3310",
    "10.0.0.1, 10.0.0.1:3306",
    "unix:/run/mysqld/mysqld.sock, unix:/run/mysqld/mysqld.sock"
  })
  void aBackendIsPrintedAsTheOptionTakesIt(String text, String printed) throws Exception {
    assertEquals(printed, Backend.parse(text).toString());
    assertEquals(Backend.parse(text), Backend.parse(printed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "::1", "::ffff:10.0.0.1", "fe80::1%1", "db-1", "*"})
  void anAddressOfThisMachineIsTaken(String address) throws Exception {
    assertEquals(address, Options.BIND_ADDRESS.check().parse(address));
  }

  @Test
  void tlsVersionsAreTakenInAnyCaseAndOrder() throws Exception {
    assertEquals(
        List.of("TLSv1.1", "TLSv1.2", "TLSv1.3"),
        Options.TLS_VERSION.check().parse("tlsv1.3, TLSV1.1,TLSv1.2,TLSv1.3"));
  }

  @Test
  void ciphersMayBeListedWithCommas() throws Exception {
    assertEquals(
        List.of("AES128-SHA", "ECDHE-RSA-CHACHA20-POLY1305"),
        Options.SSL_CIPHER.check().parse("AES128-SHA,ECDHE-RSA-CHACHA20-POLY1305,AES128-SHA"));
  }

  @ParameterizedTest
  @CsvSource({"ON,true", "yes,true", "True,true", "1,true", "off,false", "NO,false", "FALSE,false"})
  void aSwitchIsTakenInMysqldsWords(String text, boolean value) throws Exception {
    assertEquals(value, Options.REQUIRE_SECURE_TRANSPORT.check().parse(text));
  }
}
