package io.mysqltlsproxy.tls;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A TLS alert, by the names of the specification in capitals.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-6">RFC 8446, section 6</a> and <a
 *     href="https://www.rfc-editor.org/rfc/rfc5246#section-7.2">RFC 5246, section 7.2</a>
 */
enum Alert {
  CLOSE_NOTIFY(0, "the client closed the connection during the TLS handshake"),
  UNEXPECTED_MESSAGE(10),
  BAD_RECORD_MAC(20),
  DECRYPTION_FAILED(21),
  RECORD_OVERFLOW(22),
  DECOMPRESSION_FAILURE(30),
  HANDSHAKE_FAILURE(40, "the client accepts none of what the proxy offers, such as its ciphers"),
  NO_CERTIFICATE(41),
  BAD_CERTIFICATE(42, Alert.DISTRUST),
  UNSUPPORTED_CERTIFICATE(43, "the client accepts no certificate like the proxy's"),
  CERTIFICATE_REVOKED(44, "the proxy's certificate has been revoked"),
  CERTIFICATE_EXPIRED(
      45, "the client finds the proxy's certificate expired: compare the clocks of both hosts"),
  CERTIFICATE_UNKNOWN(46, Alert.DISTRUST),
  ILLEGAL_PARAMETER(47),
  UNKNOWN_CA(48, Alert.DISTRUST),
  ACCESS_DENIED(49),
  DECODE_ERROR(50),
  DECRYPT_ERROR(51),
  EXPORT_RESTRICTION(60),
  PROTOCOL_VERSION(70, "the client refuses the TLS version: see --tls-version for the proxy's"),
  INSUFFICIENT_SECURITY(71, "the client demands stronger ciphers: see --ssl-cipher"),
  INTERNAL_ERROR(80),
  INAPPROPRIATE_FALLBACK(86),
  USER_CANCELED(90),
  NO_RENEGOTIATION(100),
  MISSING_EXTENSION(109),
  UNSUPPORTED_EXTENSION(110),
  CERTIFICATE_UNOBTAINABLE(111),
  UNRECOGNIZED_NAME(112),
  BAD_CERTIFICATE_STATUS_RESPONSE(113),
  BAD_CERTIFICATE_HASH_VALUE(114),
  UNKNOWN_PSK_IDENTITY(115),
  CERTIFICATE_REQUIRED(116),
  NO_APPLICATION_PROTOCOL(120),
  ECH_REQUIRED(121);

  private static final String DISTRUST =
      "the client does not trust the proxy's certificate: give the client the CA that issued"
          + " --ssl-cert, and connect by a name that the certificate has";

  private static final Set<Alert> ABOUT_THE_CERTIFICATE =
      Set.of(
          BAD_CERTIFICATE,
          UNSUPPORTED_CERTIFICATE,
          CERTIFICATE_REVOKED,
          CERTIFICATE_EXPIRED,
          CERTIFICATE_UNKNOWN,
          UNKNOWN_CA);

  private final int code;
  private final String meaning;

  Alert(int code) {
    this(code, "the client ended the TLS handshake");
  }

  Alert(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** Its number on the wire. */
  int code() {
    return code;
  }

  /** The one with this number on the wire, if there is one. */
  static Optional<Alert> of(int code) {
    return Arrays.stream(values()).filter(alert -> alert.code == code).findFirst();
  }

  /** The one with this name, in letters of either case. */
  static Optional<Alert> named(String name) {
    String capitals = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(alert -> alert.name().equals(capitals)).findFirst();
  }

  /** Whether the client rejects the proxy's certificate. */
  boolean rejectsCertificate() {
    return ABOUT_THE_CERTIFICATE.contains(this);
  }

  /** What it says of the handshake, without a full stop. */
  String meaning() {
    return meaning + " (alert " + name().toLowerCase(Locale.ROOT) + ")";
  }
}
