package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/**
 * The keys with which a client can log in. BoringSSL asks for signatures of RSA keys and of EC keys
 * on P-256 and P-384 only, and netty-tcnative has no way to tell it otherwise: clients that have
 * other keys send no certificate. What a client has it does not say before it is asked.
 */
public final class ClientKeys {
  /** In bits, of the field of P-384. */
  private static final int LARGEST_OF_BORING_SSL = 384;

  private ClientKeys() {}

  /** Why the engine that is in use takes no client with this certificate; empty where it does. */
  public static Optional<String> problem(X509Certificate certificate) {
    return problem(certificate.getPublicKey(), ServerTls.engineChoice());
  }

  static Optional<String> problem(PublicKey key, EngineChoice engine) {
    if (engine == EngineChoice.JDK || isTakenByBoringSsl(key)) {
      return Optional.empty();
    }
    return Optional.of(
        "BoringSSL takes no client certificate with a key of the kind "
            + name(key)
            + ", and the client would send none: give the client a key of RSA, P-256 or P-384, or"
            + " run the proxy with -D"
            + ServerTls.ENGINE_PROPERTY
            + "=jdk");
  }

  private static boolean isTakenByBoringSsl(PublicKey key) {
    return key instanceof ECPublicKey ec
        ? ec.getParams().getCurve().getField().getFieldSize() <= LARGEST_OF_BORING_SSL
        : key.getAlgorithm().equals("RSA");
  }

  private static String name(PublicKey key) {
    return key instanceof ECPublicKey ec
        ? "P-" + ec.getParams().getCurve().getField().getFieldSize()
        : key.getAlgorithm();
  }
}
