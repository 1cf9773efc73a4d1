package io.mysqltlsproxy.tls.trust;

import static io.mysqltlsproxy.tls.trust.CertificateExtensions.DIGITAL_SIGNATURE;
import static io.mysqltlsproxy.tls.trust.CertificateExtensions.KEY_AGREEMENT;
import static io.mysqltlsproxy.tls.trust.CertificateExtensions.KEY_ENCIPHERMENT;
import static io.mysqltlsproxy.tls.trust.CertificateExtensions.NETSCAPE_CLIENT;
import static io.mysqltlsproxy.tls.trust.CertificateExtensions.NETSCAPE_SERVER;

import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

/**
 * What a peer uses its certificate for, and what OpenSSL asks of it then: its purposes {@code
 * sslclient} and {@code sslserver}.
 */
@SuppressWarnings("ImmutableEnumChecker") // the sets are, and so is what they hold
enum Purpose {
  CLIENT(
      "client",
      "clientAuth",
      Set.of(KeyPurposeId.id_kp_clientAuth),
      "digitalSignature",
      DIGITAL_SIGNATURE | KEY_AGREEMENT,
      NETSCAPE_CLIENT),

  /** Either of the old purposes of "step-up" cryptography counts as serverAuth. */
  SERVER(
      "server",
      "serverAuth",
      Set.of(
          KeyPurposeId.id_kp_serverAuth,
          KeyPurposeId.getInstance(new ASN1ObjectIdentifier("2.16.840.1.113730.4.1")),
          KeyPurposeId.getInstance(new ASN1ObjectIdentifier("1.3.6.1.4.1.311.10.3.3"))),
      "digitalSignature and keyEncipherment",
      DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT,
      NETSCAPE_SERVER);

  private final String peer;
  private final String extendedUsage;
  private final Set<KeyPurposeId> purposes;
  private final String usage;
  private final int usageBits;
  private final int netscapeBits;

  Purpose(
      String peer,
      String extendedUsage,
      Set<KeyPurposeId> purposes,
      String usage,
      int usageBits,
      int netscapeBits) {
    this.peer = peer;
    this.extendedUsage = extendedUsage;
    this.purposes = purposes;
    this.usage = usage;
    this.usageBits = usageBits;
    this.netscapeBits = netscapeBits;
  }

  /** Who shows the certificate: {@code client}. */
  String peer() {
    return peer;
  }

  /** What the extended key usage of any certificate of a path lacks; null where nothing. */
  @Nullable String missingFromPath(CertificateExtensions extensions) {
    return purposes.stream().anyMatch(extensions::allowsPurpose)
        ? null
        : "its extended key usage lacks " + extendedUsage;
  }

  /** What the peer's own certificate lacks besides; null where nothing. */
  @Nullable String missingFromOwn(CertificateExtensions extensions) {
    if (!extensions.allowsKeyUsage(usageBits)) {
      return "its key usage lacks " + usage;
    }
    return extensions.allowsNetscapeType(netscapeBits) ? null : "its nsCertType lacks " + peer;
  }
}
