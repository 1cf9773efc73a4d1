package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.pem.AlgorithmNames;
import io.mysqltlsproxy.pem.CertificateReader;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * The keys with which a client can log in. BoringSSL asks for signatures of RSA keys and of EC keys
 * on P-256 and P-384 only, and netty-tcnative has no way to tell it otherwise: clients that have
 * other keys send no certificate. What a client has it does not say before it is asked. And the
 * certificate must allow its key to sign, where OpenSSL is content with key agreement. The JDK's
 * TLS takes all these keys, but reads no certificate that Java's own reader refuses.
 */
public final class ClientKeys {
  private static final Set<ASN1Encodable> CURVES =
      Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1);

  /** Of {@link X509Certificate#getKeyUsage}. */
  private static final int DIGITAL_SIGNATURE = 0;

  private static final String OTHER_ENGINE =
      ", or run the proxy with -D" + ServerTls.ENGINE_PROPERTY + "=jdk";

  private ClientKeys() {}

  /**
   * Why the engine that is in use takes no client with these certificates; empty where it does.
   *
   * @param sent by the client, its own certificate first
   */
  public static Optional<String> problem(List<X509Certificate> sent) {
    return problem(sent, ServerTls.engineChoice());
  }

  static Optional<String> problem(List<X509Certificate> sent, EngineChoice engine) {
    return engine == EngineChoice.JDK
        ? sent.stream().filter(each -> !isReadByJava(each)).findFirst().map(ClientKeys::unreadable)
        : problem(sent.get(0), engine);
  }

  private static boolean isReadByJava(X509Certificate certificate) {
    try {
      return CertificateReader.isReadByJava(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      return false;
    }
  }

  private static String unreadable(X509Certificate certificate) {
    return CertificateNames.described(certificate)
        + " is not one that the JDK's TLS reads: issue it again with a subject, or with alternative"
        + " names that are critical, or run the proxy with BoringSSL";
  }

  private static Optional<String> problem(X509Certificate certificate, EngineChoice engine) {
    boolean[] usage = certificate.getKeyUsage();
    if (engine == EngineChoice.BORING_SSL && usage != null && !usage[DIGITAL_SIGNATURE]) {
      return Optional.of(
          "the key usage of the client's certificate lacks digitalSignature, without which"
              + " BoringSSL ends the handshake: issue it again with digitalSignature"
              + OTHER_ENGINE);
    }
    return problem(certificate.getPublicKey(), engine);
  }

  static Optional<String> problem(PublicKey key, EngineChoice engine) {
    if (engine == EngineChoice.JDK || isTakenByBoringSsl(key)) {
      return Optional.empty();
    }
    return Optional.of(
        "BoringSSL takes no client certificate with a key of the kind "
            + name(key)
            + ", and the client would send none: give the client a key of RSA, P-256 or P-384"
            + OTHER_ENGINE);
  }

  private static boolean isTakenByBoringSsl(PublicKey key) {
    return key instanceof ECPublicKey
        ? CURVES.contains(curve(key))
        : key.getAlgorithm().equals("RSA");
  }

  private static String name(PublicKey key) {
    if (!(key instanceof ECPublicKey)) {
      return key.getAlgorithm();
    }
    return curve(key) instanceof ASN1ObjectIdentifier id ? AlgorithmNames.of(id) : "EC";
  }

  /** Its identifier, or all its parameters. */
  private static ASN1Encodable curve(PublicKey key) {
    return SubjectPublicKeyInfo.getInstance(key.getEncoded()).getAlgorithm().getParameters();
  }
}
