package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of servers, by OpenSSL's rules; each line is what {@code X509_check_host} says. */
class HostNamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "db.example.com,        db.example.com,         true",
    "DB.example.com,        db.EXAMPLE.com,         true",
    "db.example.com,        db2.example.com,        false",
    "*.example.com,         db.example.com,         true",
    "*.example.com,         example.com,            false",
    "*.example.com,         .example.com,           false",
    "*.example.com,         a.b.example.com,        false",
    "*.com,                 example.com,            false",
    "*,                     localhost,              false",
    "db*.example.com,       db1.example.com,        true",
    "db*.example.com,       db.example.com,         true",
    "*db.example.com,       mydb.example.com,       true",
    "d*b.example.com,       dxb.example.com,        false",
    "*-db.example.com,      my-db.example.com,      true",
    "db-*.example.com,      db-1.example.com,       false",
    "*-.example.com,        my-.example.com,        false",
    "*.*.example.com,       a.b.example.com,        false",
    "db.*.com,              db.example.com,         false",
    "xn--*.example.com,     xn--a.example.com,      false",
    "*.example.com,         xn--bcher.example.com,  true",
    "b*.example.com,        bxn--a.example.com,     true",
    "x*.example.com,        xn--a.example.com,      false",
    "*.example.com,         a_b.example.com,        false",
    "*.-example.com,        a.-example.com,         false",
    "127.0.0.1,             127.0.0.1,              true",
    "localhost,             localhost,              true",
    "db.example.com,        db.example.com.,        false",
    "db.example.com.,       db.example.com,         false",
    "*.example.com,         db.example.com.,        false",
    "*,                     127.0.0.1,              false",
    "*.0.0.1,               127.0.0.1,              true",
  })
  void aPatternStandsForAHost(String pattern, String host, boolean matches) {
    assertEquals(matches, new HostNamePattern(pattern).matches(host));
  }
}
