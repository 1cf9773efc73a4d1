package io.mysqltlsproxy.account.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.RulesException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesErrorsTest {

  /** The rules, with a | for each new line, and the message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      textBlock =
          """
          DROP USER u ~ r.sql:1:1: 'DROP' does not begin a statement; write GRANT, CREATE \
          USER or ALTER USER
          ALTER USER u REQUIRE SSL|+----+ ~ r.sql:2:1: '+' is not expected here; write REQUIRE or \
          ACCOUNT LOCK there, or ; before the next statement
          Grants for u@% ~ r.sql:1:1: 'Grants' does not begin a statement; paste what mysql \
          -N -B -r prints, without frame and heading
          CREATE ROLE r ~ r.sql:1:8: 'ROLE' is not expected here; write USER here
          ALTER USER u|  REQUIER X509 ~ r.sql:2:3: 'REQUIER' is not expected here; write REQUIRE or \
          ACCOUNT LOCK there, or ; before the next statement
          ALTER USER u REQUIRE X509 AND SUBJECT '/CN=x' ~ r.sql:1:27: 'AND' cannot follow \
          X509; write only one of them; CIPHER, ISSUER, SUBJECT, SAN and FINGERPRINT include SSL \
          and X509
          ALTER USER u REQUIRE NONE OR SSL ~ r.sql:1:27: 'OR' makes no sense after NONE, which is \
          always met; leave it out
          ALTER USER u REQUIRE SUBJECT '/CN=a' AND SUBJECT '/CN=b' ~ r.sql:1:42: 'SUBJECT' is given \
          twice; write it once, or OR between the alternatives
          ALTER USER u REQUIRE SSL REQUIRE X509 ~ r.sql:1:26: 'REQUIRE' is given twice; write one \
          such clause for a statement
          ALTER USER u REQUIRE ISSUER '/CN=a' AND ~ r.sql:1:40: the end is nothing that can be \
          required; write NONE, SSL, X509, CIPHER, ISSUER, SUBJECT, SAN or FINGERPRINT
          ALTER USER u REQUIRE SUBJECT '' ~ r.sql:1:30: '' is empty, which no certificate's name is; \
          write the name, or leave the condition out
          ALTER USER u REQUIRE ISSUER "" ~ r.sql:1:29: '' is empty, which no certificate's name is; \
          write the name, or leave the condition out
          ALTER USER u REQUIRE CIPHER '' ~ r.sql:1:29: '' is not OpenSSL's name of one cipher; write \
          one such as 'ECDHE-RSA-AES128-GCM-SHA256'
          ALTER USER u REQUIRE SUBJECT laura ~ r.sql:1:30: 'laura' is not expected here; write the \
          subject's name in quotes: '...'
          ALTER USER u REQUIRE SUBJECT `/CN=x` ~ r.sql:1:30: the quoted text is not expected here; \
          write the subject's name in quotes: '...'
          ALTER USER u REQUIRE SUBJECT '/O=a\\/b' ~ r.sql:1:30: '/O=a/b' has lost a backslash, because a \
          quoted string does not keep a single one; write two: \\\\
          ALTER USER u REQUIRE SUBJECT '/O=a/b' ~ r.sql:1:30: '/O=a/b' has 'b' where TYPE=value \
          is expected; write \\\\/ or \\\\+ where a value contains / or +
          ALTER USER u REQUIRE SUBJECT '/O=a\\\\b' ~ r.sql:1:30: '/O=a\\b' has a backslash that could \
          mean more than one certificate; write the name as in RFC 4514: 'CN=laura,O=a\\\\\\\\b'
          ALTER USER u REQUIRE SUBJECT '/CN=\\\\xFF' ~ r.sql:1:30: '/CN=\\xFF' the value of a part is \
          not UTF-8, or holds a NUL; write its characters themselves, or their bytes in UTF-8
          ALTER USER u REQUIRE SUBJECT '/' ~ r.sql:1:30: '/' has '' where TYPE=value is expected; \
          write \\\\/ or \\\\+ where a value contains / or +
          ALTER USER u REQUIRE SUBJECT '/CN=' ~ r.sql:1:30: '/CN=' has nothing after CN=; write the \
          value
          ALTER USER u REQUIRE SUBJECT 'laura' ~ r.sql:1:30: 'laura' has 'laura' where TYPE=value \
          is expected; write a name such as 'CN=laura,C=US' or '/C=US/CN=laura'
          ALTER USER u REQUIRE SUBJECT 'FOO=x' ~ r.sql:1:30: 'FOO=x' 'FOO' is not a type of \
          attribute; write one such as CN or emailAddress, or its OID in digits
          ALTER USER u REQUIRE SUBJECT 'CN=a;C=b' ~ r.sql:1:30: 'CN=a;C=b' has a ';' that is not \
          expected there; write a backslash before it, and as a quoted text halves them, write two
          ALTER USER u REQUIRE SUBJECT 'CN=#zz' ~ r.sql:1:30: 'CN=#zz' the value behind # is not a \
          text's DER in hexadecimal; write the value as characters
          ALTER USER u REQUIRE SUBJECT 'CN=a\\\\' ~ r.sql:1:30: 'CN=a\\' has a backslash that escapes \
          nothing; write a backslash itself as \\\\\\\\
          ALTER USER u REQUIRE SAN 'app.example.com' ~ r.sql:1:26: 'app.example.com' is not a known \
          kind of alternative name; write 'DNS:app.example.com', 'URI:spiffe://example.com/app', \
          'email:laura@example.com' or 'IP:10.0.0.7'
          ALTER USER u REQUIRE SAN 'IP:10.0.0.256' ~ r.sql:1:26: 'IP:10.0.0.256' is no IP name; \
          write 'DNS:app.example.com', 'URI:spiffe://example.com/app', 'email:laura@example.com' or \
          'IP:10.0.0.7'
          ALTER USER u REQUIRE FINGERPRINT 'SHA256:00' ~ r.sql:1:34: 'SHA256:00' is not a fingerprint; \
          write 'SHA256:' and the 64 digits that openssl x509 -noout -fingerprint -sha256 prints, \
          with or without colons
          ALTER USER u ACCOUNT CLOSE ~ r.sql:1:22: 'CLOSE' is not expected here; write LOCK or UNLOCK
          GRANT SELECT ON a.* ~ r.sql:1:20: the end is not expected here; write TO and the accounts \
          before it
          GRANT SELECT ON a.*|GRANT SELECT ON b.* TO u ~ r.sql:2:7: 'SELECT' is not expected here; \
          write OPTION here
          GRANT SELECT ON a.* TO u GRANT SELECT ON b.* TO u ~ r.sql:1:26: 'GRANT' is not expected \
          here; write REQUIRE or ACCOUNT LOCK there, or ; before the next statement
          GRANT SELECT ON a.* REQUIRE X509 TO u ~ r.sql:1:21: 'REQUIRE' is not expected here; write \
          TO and the accounts before it
          ALTER USER 'u@10.0.0.7' REQUIRE X509 ~ r.sql:1:12: 'u@10.0.0.7' is a user without a host; \
          quote user and host each: 'user'@'host'
          ALTER USER u@% REQUIRE X509 ~ r.sql:1:14: '%' is not expected here; write the host in \
          quotes: 'user'@'host'
          ALTER USER REQUIRE X509 ~ r.sql:1:12: 'REQUIRE' is not expected here; write an account: \
          'user'@'host'
          ALTER USER CURRENT_USER() REQUIRE X509 ~ r.sql:1:12: 'CURRENT_USER' is not expected here; \
          write an account: 'user'@'host'
          ALTER USER 'u ' ~ r.sql:1:12: 'u ' cannot be a user name; write at most 32 characters, or \
          128 for MariaDB, without a space at the end
          ALTER USER u@'10.0.0.7/255.0.0.0' ~ r.sql:1:14: '10.0.0.7/255.0.0.0' matches no address, \
          because it has bits outside its mask; write 10.0.0.0/255.0.0.0
          ALTER USER u@'10.0.0.0/255.0.255.0' ~ r.sql:1:14: '10.0.0.0/255.0.255.0' has a netmask with \
          holes; write a mask such as 255.255.0.0
          ALTER USER u@'0.0.0.0/0' ~ r.sql:1:14: '0.0.0.0/0' is every address; write '%'
          ALTER USER u@'fe80::/64' ~ r.sql:1:14: 'fe80::/64' is not an IPv4 network; write \
          ADDRESS/NETMASK or ADDRESS/BITS, such as 10.0.0.0/255.0.0.0
          ALTER USER u@'a b' ~ r.sql:1:14: 'a b' contains a space or a control character; leave it out
          ALTER USER u /* never closed ~ r.sql:1:14: an unclosed comment; close it with */
          ALTER USER u|/*! REQUIRE X509 ~ r.sql:2:1: an unclosed comment; close it with */
          ALTER USER u /*! REQUIRE /*! X509 */ */ ~ r.sql:1:26: an executable comment within another; \
          close the first with */
          ALTER USER u REQUIRE|SUBJECT '/CN=x ~ r.sql:2:9: an unclosed quote; close it with '
          GRANT PROXY ON a TO u WITH NOTHING ~ r.sql:1:28: 'NOTHING' is not expected here; write \
          GRANT OPTION, ADMIN OPTION or a limit such as MAX_USER_CONNECTIONS 5
          ALTER USER u PASSWORD REQUIRE X509 ~ r.sql:1:31: 'X509' is not expected here; write CURRENT \
          here
          """)
  void whatDoesNotParseIsAnErrorWithItsPlaceAndCure(String rules, String message) {
    RulesException e =
        assertThrows(
            RulesException.class, () -> RulesFile.parse("r.sql", rules.replace('|', '\n')));

    assertEquals(message, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE USER u IDENTIFIED 'secret'",
        "CREATE USER u IDENTIFIED BY secret",
        "CREATE USER u IDENTIFIED BY PASSWORD secret",
        "CREATE USER u IDENTIFIED WITH p BY secret",
        "CREATE USER u IDENTIFIED BY 'x' 'secret'",
        "CREATE USER u IDENTIFIED BY 'secret",
        "CREATE USER u PASSWORD 'secret'",
      })
  void noPasswordIsEverShown(String rules) {
    RulesException e = assertThrows(RulesException.class, () -> RulesFile.parse("r.sql", rules));

    assertFalse(e.toString().contains("secret"), e.toString());
  }

  @Test
  void aNameOf128CharactersIsAUsersAndOneOf129IsNot() throws Exception {
    RulesFile.parse("r.sql", "ALTER USER '" + "ü".repeat(128) + "' REQUIRE SSL");

    assertThrows(
        RulesException.class,
        () -> RulesFile.parse("r.sql", "ALTER USER '" + "u".repeat(129) + "' REQUIRE SSL"));
  }

  @Test
  void aMessageIsOneLineWhateverTheRulesHold() {
    RulesException e =
        assertThrows(
            RulesException.class,
            () -> RulesFile.parse("r.sql", "ALTER USER u REQUIRE SUBJECT 'a\nb\u001b\u2028'"));

    assertEquals(
        "r.sql:1:30: 'a?b??' has 'a?b??' where TYPE=value is expected; write a name such as"
            + " 'CN=laura,C=US' or '/C=US/CN=laura'",
        e.getMessage());
  }

  @Test
  void theNamesOfHostsAreWarnedOf() throws Exception {
    Accounts accounts = RulesFile.parse("r.sql", "ALTER USER u@'db.example.com' REQUIRE X509");

    assertEquals(
        "['u'@'db.example.com' (r.sql:1) matches no client, because host names are not resolved;"
            + " write the address]",
        new Rules(true, Require.SSL, accounts).warnings().toString());
  }
}
