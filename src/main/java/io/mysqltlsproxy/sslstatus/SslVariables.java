package io.mysqltlsproxy.sslstatus;

import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.tls.TlsFacts;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The proxy's values of the status variables that begin with {@code Ssl_}.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html#statvar_Ssl_accepts">MySQL:
 *     Server Status Variables</a>
 */
public record SslVariables(TlsFacts facts, HandshakeCounts counts) {
  /** {@code Jan 5 12:34:56 2026 GMT}, the day two wide: as OpenSSL's ASN1_TIME_print. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** OpenSSL's SSL_VERIFY_PEER and SSL_VERIFY_CLIENT_ONCE. */
  private static final String ASKS_ONCE = "5";

  /** OpenSSL's -1, as servers print it. */
  private static final String NO_LIMIT = "18446744073709551615";

  /** What SSL_get_default_timeout says, in OpenSSL and in BoringSSL. */
  private static final String DEFAULT_TIMEOUT = "7200";

  /** Those that are the same for every connection. */
  Map<String, String> ofTheServer() {
    Map<String, String> values = new HashMap<>();
    values.put("Ssl_accept_renegotiates", "0");
    values.put("Ssl_accepts", Long.toString(counts.begun()));
    values.put("Ssl_callback_cache_hits", "0");
    values.put("Ssl_client_connects", "0");
    values.put("Ssl_connect_renegotiates", "0");
    values.put("Ssl_ctx_verify_depth", NO_LIMIT);
    values.put("Ssl_ctx_verify_mode", verifyMode());
    values.put("Ssl_finished_accepts", Long.toString(counts.finished()));
    values.put("Ssl_finished_connects", "0");
    values.put("Ssl_server_not_after", TIME.format(facts.certificate().getNotAfter().toInstant()));
    values.put(
        "Ssl_server_not_before", TIME.format(facts.certificate().getNotBefore().toInstant()));
    values.put("Ssl_session_cache_hits", Long.toString(counts.resumed()));
    values.put("Ssl_session_cache_mode", facts.resumes() ? "SERVER" : "OFF");
    return values;
  }

  /** Those of one connection. */
  Map<String, String> of(Transport transport, boolean resumed) {
    boolean encrypted = transport.isEncrypted();
    Map<String, String> values = new HashMap<>();
    values.put("Ssl_cipher", transport.cipher());
    values.put("Ssl_cipher_list", encrypted ? String.join(":", facts.ciphers()) : "");
    values.put("Ssl_default_timeout", encrypted ? DEFAULT_TIMEOUT : "0");
    values.put("Ssl_sessions_reused", resumed ? "1" : "0");
    values.put("Ssl_verify_depth", encrypted ? NO_LIMIT : "0");
    values.put("Ssl_verify_mode", encrypted ? verifyMode() : "0");
    values.put("Ssl_version", transport.tlsVersion());
    return values;
  }

  private String verifyMode() {
    return facts.asksForClientCertificate() ? ASKS_ONCE : "0";
  }
}
