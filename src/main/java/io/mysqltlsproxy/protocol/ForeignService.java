package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognizes other services by the first bytes that they send where a MySQL server would greet. */
public final class ForeignService {
  /** Enough for the first line of a banner, in bytes. */
  private static final int LONGEST = 256;

  /** What is shown of a banner, in characters. */
  private static final int SHOWN = 60;

  /** A server_hello notice, with which the X Plugin begins: length 5, type 11. */
  private static final byte[] X_PROTOCOL = {5, 0, 0, 0, 0x0b, 8, 5, 0x1a, 0};

  private record Banner(Pattern pattern, String service) {
    Banner(String pattern, String service) {
      this(Pattern.compile(pattern, Pattern.DOTALL), service);
    }
  }

  /** The first that matches. */
  private static final List<Banner> BANNERS =
      List.of(
          new Banner("HTTP/[0-9].*", "an HTTP server"),
          new Banner("(?i)\\s*<(!doctype )?html.*", "an HTTP server"),
          new Banner("SSH-[0-9].*", "an SSH server"),
          new Banner("(?i)220[ -][^\r\n]*smtp.*", "an SMTP server"),
          new Banner("(?i)220[ -][^\r\n]*ftp.*", "an FTP server"),
          new Banner("220[ -].*", "an SMTP or FTP server"),
          new Banner("\\+OK.*", "a POP3 server"),
          new Banner("\\* (OK|PREAUTH|BYE) .*", "an IMAP server"),
          new Banner("[-+](ERR|DENIED|NOAUTH|LOADING|PONG|MISCONF).*", "a Redis server"),
          new Banner("ERROR\r\n.*", "a memcached server"),
          new Banner("AMQP.*", "an AMQP server"),
          new Banner("RFB [0-9].*", "a VNC server"),
          new Banner("@RSYNCD:.*", "an rsync server"),
          new Banner("<\\?xml.*|<stream:.*", "an XMPP server"),
          // ErrorResponse: E, length in four bytes, severity
          new Banner("E\0\0.{2}S[A-Z].*", "a PostgreSQL server"),
          new Banner("\u0015\u0003[\u0000-\u0004].*", "a service that speaks TLS"),
          new Banner("\u0016\u0003[\u0000-\u0004].*", "a client that speaks TLS"),
          new Banner("\u00ff[\u00fb-\u00fe].*", "a Telnet server"));

  private static final Pattern TEXT = Pattern.compile("[\\x20-\\x7e\t]{4}.*", Pattern.DOTALL);

  private ForeignService() {}

  /**
   * What the bytes look like: {@code an SSH server: 'SSH-2.0-OpenSSH_9.9'}; empty where they may be
   * the beginning of a MySQL packet.
   *
   * @param first what was received first, of which nothing is consumed
   */
  public static Optional<String> of(ByteBuf first) {
    if (isGreeting(first)) {
      return Optional.empty();
    }
    byte[] bytes = new byte[Math.min(LONGEST, first.readableBytes())];
    first.getBytes(first.readerIndex(), bytes);
    if (startsWith(bytes, X_PROTOCOL)) {
      return Optional.of("MySQL's X Protocol, whose port is 33060; the classic protocol's is 3306");
    }
    String text = new String(bytes, ISO_8859_1);
    for (Banner banner : BANNERS) {
      if (banner.pattern.matcher(text).matches()) {
        return Optional.of(banner.service + shown(text));
      }
    }
    // A greeting's fourth byte is its sequence id, 0: four letters cannot begin one.
    return TEXT.matcher(text).matches()
        ? Optional.of("a service that speaks in lines of text" + shown(text))
        : Optional.empty();
  }

  /** Protocol version 10 in a packet whose sequence id is 0, which none of the others sends. */
  private static boolean isGreeting(ByteBuf first) {
    int start = first.readerIndex();
    return first.readableBytes() > 4
        && first.getByte(start + 3) == 0
        && first.getByte(start + 4) == 10;
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (i == bytes.length || bytes[i] != prefix[i]) {
        return i == bytes.length && i >= 5;
      }
    }
    return true;
  }

  private static String shown(String text) {
    String line = text.lines().findFirst().orElse("");
    boolean isText = line.length() > 3 && line.chars().allMatch(c -> c >= ' ' && c <= '~');
    if (!isText) {
      return "";
    }
    return ": '" + (line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line) + "'";
  }
}
