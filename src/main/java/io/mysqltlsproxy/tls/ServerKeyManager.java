package io.mysqltlsproxy.tls;

import java.lang.ref.WeakReference;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The one certificate and key of the server.
 *
 * <p>An engine asks for it in every full handshake and in no resumed one. That is noted in the
 * session, since the JDK's engine does not say otherwise whether it resumed.
 */
final class ServerKeyManager extends X509ExtendedKeyManager {
  private static final String ALIAS = "server";
  private static final String FULL_HANDSHAKE_OF = ServerKeyManager.class.getName();

  private final PrivateKey key;
  private final X509Certificate[] chain;
  private final Predicate<String> keyTypes;

  /**
   * Makes a key manager.
   *
   * @param keyTypes whether the certificate serves a key type that the engine asks for
   */
  ServerKeyManager(ServerCertificate certificate, Predicate<String> keyTypes) {
    key = certificate.key();
    chain = certificate.chain().toArray(X509Certificate[]::new);
    this.keyTypes = keyTypes;
  }

  /** Whether this engine's session comes of a handshake of its own rather than an earlier one. */
  static boolean wasAskedBy(SSLEngine engine) {
    return engine.getSession().getValue(FULL_HANDSHAKE_OF) instanceof WeakReference<?> noted
        && noted.get() == engine;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    if (!keyTypes.test(keyType)) {
      return null;
    }
    SSLSession session = engine.getHandshakeSession();
    if (session != null) {
      session.putValue(FULL_HANDSHAKE_OF, new WeakReference<>(engine));
    }
    return ALIAS;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain; // the same array each time: Netty keeps its native copy as long as it is
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return keyTypes.test(keyType) ? ALIAS : null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return keyTypes.test(keyType) ? new String[] {ALIAS} : null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
