package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.pkcs11.TokenException;
import io.mysqltlsproxy.text.Printable;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a handshake failed, as one line for the operator. The two engines say it in different words,
 * and neither tells its exceptions apart by class.
 */
public final class HandshakeFailures {
  /**
   * BoringSSL: {@code TLSV1_ALERT_UNKNOWN_CA} or {@code TLSV1_UNRECOGNIZED_NAME}; the JDK: {@code
   * Received fatal alert: unknown_ca} or {@code Received close_notify during handshake}.
   */
  private static final Pattern ALERT =
      Pattern.compile(
          "(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?([A-Z_]+)|Received (?:fatal )?alert: ([a-z_]+)|"
              + "Received (close_notify) during handshake");

  private static final Pattern CLIENT_VERSIONS =
      Pattern.compile("client supported protocol versions \\[([A-Za-z0-9., ]+)\\]");
  private static final Pattern CLIENT_VERSION =
      Pattern.compile("Client requested protocol (\\S+) is not enabled");

  private static final Pattern OLD_VERSIONS_ONLY = Pattern.compile("(?:TLSv1(?:\\.1)?[, ]*)+");

  private static final String NAME_A_VERSION =
      "some clients choose by the server's version: set enabledTLSProtocols=TLSv1.2 for Connector/J"
          + " 5.1, tlsVersion=TLSv1.2 for r2dbc-mysql";

  /** Java's clients do that when they want versions only that Java has switched off. */
  static final String NOT_BEGUN =
      "the client asked for TLS and closed the connection before it began; " + NAME_A_VERSION;

  /** What the words of an engine mean, the first that occurs. */
  private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

  static {
    MEANINGS.put(
        "UNSUPPORTED_PROTOCOL", "no TLS version in common: see --tls-version for the proxy's");
    MEANINGS.put(
        "NO_SHARED_CIPHER",
        "no cipher in common, or none for this kind of certificate: see --ssl-cipher");
    MEANINGS.put(
        "no cipher suites in common",
        "no cipher in common, or none for this kind of certificate: see --ssl-cipher");
    MEANINGS.put(
        "EXCESSIVE_MESSAGE_SIZE", "the client sent more than 48 KB of certificates: see its chain");
    MEANINGS.put("NO_SHARED_GROUP", "no key exchange group in common: see --tls-groups");
    MEANINGS.put(
        "KEY_USAGE_BIT_INCORRECT",
        "client certificate rejected: its key usage lacks digitalSignature, as a CA's does");
    MEANINGS.put(
        "PRIVATE_KEY_OPERATION_FAILED",
        "the token did not sign with the proxy's key: see what the log says of --ssl-key");
    MEANINGS.put("HTTP_REQUEST", "the client sent an HTTP request instead of TLS");
    MEANINGS.put(
        "WRONG_VERSION_NUMBER", "the client sent something that is not TLS, or an unknown version");
  }

  private HandshakeFailures() {}

  /** Whether it was the client's certificate that the proxy did not take. */
  public static boolean isRefusedCertificate(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  /** One line without a full stop; never bytes that the peer sent, but names in its certificate. */
  public static String describe(Throwable cause) {
    Optional<Alert> alert = alert(cause);
    if (alert.isPresent()) {
      return alert.get().meaning();
    }
    for (Throwable each = cause; each != null; each = each.getCause()) {
      String known = byClass(each);
      if (known != null) {
        return Printable.oneLine(known);
      }
    }
    for (Throwable each = cause; each != null; each = each.getCause()) {
      String known = byMessage(String.valueOf(each.getMessage()));
      if (known != null) {
        return Printable.oneLine(known);
      }
    }
    return Printable.oneLine(root(cause));
  }

  private static @Nullable String byClass(Throwable cause) {
    if (cause instanceof TokenException unusable) {
      return "the token did not sign with the proxy's key: " + unusable.getMessage();
    }
    if (cause instanceof CertificateException refused) {
      return "client certificate refused: " + refused.getMessage();
    }
    if (cause instanceof NotSslRecordException) {
      return "the client sent something that is not TLS";
    }
    if (cause instanceof SslHandshakeTimeoutException) {
      return "the client did not finish the TLS handshake in time";
    }
    if (cause instanceof ClosedChannelException) {
      return "the client closed the connection during the TLS handshake";
    }
    return null;
  }

  /** Whether it was the proxy's certificate that the client did not take. */
  public static boolean isRejectedCertificate(Throwable cause) {
    return alert(cause).filter(Alert::rejectsCertificate).isPresent();
  }

  /** The alert by which the client ended the handshake. */
  static Optional<Alert> alert(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof ReceivedAlertException received) {
        return Optional.of(received.alert());
      }
      Matcher alert = ALERT.matcher(String.valueOf(each.getMessage()));
      while (alert.find()) {
        Optional<Alert> named =
            Stream.of(1, 2, 3)
                .map(alert::group)
                .filter(Objects::nonNull)
                .findFirst()
                .flatMap(Alert::named);
        if (named.isPresent()) {
          return named;
        }
      }
    }
    return Optional.empty();
  }

  private static @Nullable String byMessage(String message) {
    Matcher versions = CLIENT_VERSIONS.matcher(message);
    if (versions.find()) {
      return noVersion(versions.group(1));
    }
    Matcher version = CLIENT_VERSION.matcher(message);
    if (version.find()) {
      return noVersion(version.group(1));
    }
    return MEANINGS.entrySet().stream()
        .filter(meaning -> message.contains(meaning.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static String noVersion(String offered) {
    String remedy = OLD_VERSIONS_ONLY.matcher(offered).matches() ? "; " + NAME_A_VERSION : "";
    return "no TLS version in common: the client offers "
        + offered
        + ", see --tls-version for the proxy's"
        + remedy;
  }

  static String root(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof SSLException
        ? String.valueOf(root.getMessage())
        : root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
