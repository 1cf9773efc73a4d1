package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignServiceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 400 Bad Request\\r\\nServer: x | an HTTP server: 'HTTP/1.1 400 Bad Request'",
        "SSH-2.0-OpenSSH_9.9\\r\\n | an SSH server: 'SSH-2.0-OpenSSH_9.9'",
        "220 mail.example ESMTP Postfix\\r\\n | an SMTP server: '220 mail.example ESMTP Postfix'",
        "220 (vsFTPd 3.0.5)\\r\\n | an FTP server: '220 (vsFTPd 3.0.5)'",
        "+OK Dovecot ready.\\r\\n | a POP3 server: '+OK Dovecot ready.'",
        "* OK [CAPABILITY IMAP4rev1] ready\\r\\n | an IMAP server",
        "-ERR unknown command\\r\\n | a Redis server: '-ERR unknown command'",
        "-DENIED Redis is running in protected mode\\r\\n | a Redis server",
        "ERROR\\r\\n | a memcached server: 'ERROR'",
        "RFB 003.008\\n | a VNC server",
        "Hello, friend\\r\\n | a service that speaks in lines of text: 'Hello, friend'",
      })
  void aBannerSaysWhichServiceItIs(String banner, String service) {
    String text = banner.replace("\\r", "\r").replace("\\n", "\n");

    String found = of(text.getBytes(ISO_8859_1)).orElseThrow();

    assertTrue(found.startsWith(service.strip()), found);
  }

  @ParameterizedTest
  @CsvSource({
    "050000000b08051a00, MySQL's X Protocol",
    "15030300020246, a service that speaks TLS",
    "4500000053534641544c00, a PostgreSQL server",
    "fffd18fffd20, a Telnet server",
  })
  void bytesThatAreNoTextSayItToo(String hex, String service) {
    String found = of(HexFormat.of().parseHex(hex)).orElseThrow();

    assertTrue(found.startsWith(service), found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4a",
        "4e",
        "4a0000000a352e352e39",
        // an ERR packet in place of a greeting
        "17000000ff10",
        // MariaDB 5.5.5-
        "5a0000000a352e352e352d",
      })
  void whatMayBeAGreetingIsNone(String hex) {
    assertEquals(Optional.empty(), of(HexFormat.of().parseHex(hex)));
  }

  @Test
  void aLongBannerIsCutAndControlCharactersAreNotShown() {
    String found = of(("SSH-2.0-" + "x".repeat(500)).getBytes(ISO_8859_1)).orElseThrow();
    assertTrue(found.length() < 100, found);

    assertEquals(Optional.of("an SSH server"), of("SSH-2.0-\u001b[31m\r\n".getBytes(ISO_8859_1)));
  }

  private static Optional<String> of(byte[] bytes) {
    return ForeignService.of(Unpooled.wrappedBuffer(bytes));
  }
}
