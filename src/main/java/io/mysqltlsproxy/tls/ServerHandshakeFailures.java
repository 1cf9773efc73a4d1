package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.text.Printable;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why TLS with the server failed, as one line for the operator and for the client's screen: the
 * counterpart of {@link HandshakeFailures}.
 */
public final class ServerHandshakeFailures {
  private static final String NO_VERSION =
      "no TLS version in common: see --tls-version for the proxy's";
  private static final String NOT_TLS = "the server answered with something that is not TLS";
  private static final String CLOSED = "the server closed the connection during the TLS handshake";

  /** What the words of an engine mean, the first that occurs. */
  private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

  static {
    MEANINGS.put("UNSUPPORTED_PROTOCOL", NO_VERSION);
    MEANINGS.put("is not enabled or supported", NO_VERSION);
    MEANINGS.put("is not accepted by client preferences", NO_VERSION);
    MEANINGS.put("WRONG_VERSION_NUMBER", NOT_TLS);
    MEANINGS.put("Unsupported or unrecognized SSL message", NOT_TLS);
    MEANINGS.put("Remote host terminated the handshake", CLOSED);
    MEANINGS.put("Connection reset", CLOSED);
    MEANINGS.put(
        "NO_CIPHERS_AVAILABLE", "none of --ssl-cipher works with the versions of --tls-version");
    MEANINGS.put("EXCESSIVE_MESSAGE_SIZE", "the server sent more than 48 KB of certificates");
  }

  private ServerHandshakeFailures() {}

  /** One line without a full stop; never bytes that the peer sent, but names in its certificate. */
  public static String describe(Throwable cause) {
    for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof CertificateException refused) {
        return Printable.oneLine("server certificate rejected: " + refused.getMessage());
      }
    }
    return HandshakeFailures.alert(cause)
        .map(ServerHandshakeFailures::meaning)
        .orElseGet(() -> Printable.oneLine(withoutAlert(cause)));
  }

  private static String meaning(Alert alert) {
    String what =
        switch (alert) {
          case CERTIFICATE_EXPIRED ->
              "the server finds the proxy's certificate, --ssl-cert, expired";
          case CERTIFICATE_REVOKED -> "the proxy's certificate, --ssl-cert, has been revoked";
          case CERTIFICATE_REQUIRED, NO_CERTIFICATE ->
              "the server wants a certificate: give --ssl-cert and --ssl-key";
          case HANDSHAKE_FAILURE, INSUFFICIENT_SECURITY ->
              "the server accepts none of the proxy's ciphers, see --ssl-cipher, or wants a"
                  + " certificate, see --ssl-cert";
          case PROTOCOL_VERSION -> NO_VERSION;
          case CLOSE_NOTIFY -> "the server closed the connection";
          default ->
              alert.rejectsCertificate()
                  ? "the server does not trust the proxy's certificate, --ssl-cert: it must be"
                      + " signed by a CA of the server's ssl-ca"
                  : "the server ended TLS";
        };
    return what + " (alert " + alert.name().toLowerCase(Locale.ROOT) + ")";
  }

  private static String withoutAlert(Throwable cause) {
    for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof NotSslRecordException) {
        return NOT_TLS;
      }
      if (each instanceof ClosedChannelException) {
        return CLOSED;
      }
    }
    for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage());
      for (Map.Entry<String, String> meaning : MEANINGS.entrySet()) {
        if (message.contains(meaning.getKey())) {
          return meaning.getValue();
        }
      }
    }
    return HandshakeFailures.root(cause);
  }
}
