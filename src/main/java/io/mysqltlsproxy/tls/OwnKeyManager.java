package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.pkcs11.TokenKey;
import io.mysqltlsproxy.pkcs11.TokenThreads;
import io.mysqltlsproxy.tls.sign.TokenSignatures;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.ImmediateExecutor;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The one certificate and key of the proxy, as a server or as a client.
 *
 * <p>The JDK's engine does not say whether it resumed a session, but asks for the key in every full
 * handshake and in no resumed one. That is noted here, and not in the session: a session with a
 * value bound to it gets no ticket.
 */
final class OwnKeyManager extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";
  private static final Set<SSLEngine> ASKED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final PrivateKey key;
  private final X509Certificate[] chain;
  private volatile boolean elsewhere;

  OwnKeyManager(OwnCertificate certificate) {
    key = certificate.key();
    chain = certificate.chain().toArray(X509Certificate[]::new);
  }

  /** Whether an engine of the JDK had a full handshake. */
  static boolean wasAskedBy(SSLEngine engine) {
    return ASKED.contains(engine);
  }

  /**
   * The JDK's engine asks for one key type after another. BoringSSL itself finds out what the
   * certificate is good for, and Netty has not a key type for Ed25519.
   */
  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    if (engine instanceof ReferenceCountedOpenSslEngine) {
      return ALIAS;
    }
    if (!keyType.equals(key.getAlgorithm())) {
      return null;
    }
    ASKED.add(engine);
    return ALIAS;
  }

  /** Where the server asks for a certificate at all, it gets the one that there is. */
  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    boolean fits =
        engine instanceof ReferenceCountedOpenSslEngine
            || Arrays.asList(keyTypes).contains(key.getAlgorithm());
    return fits ? ALIAS : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain; // the same array each time: Netty keeps its native copy as long as it is
  }

  /** Nothing where another library signs: BoringSSL asks that one if it gets no key. */
  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return elsewhere ? null : key;
  }

  /** Lets BoringSSL ask the token for signatures, where the key is on one. */
  void signByToken(SslContextBuilder boringSsl) {
    if (key instanceof TokenKey token) {
      boringSsl.option(OpenSslContextOption.ASYNC_PRIVATE_KEY_METHOD, new TokenSignatures(token));
      elsewhere = true;
    }
  }

  /** Where the JDK's engine, which asks the key itself, is to wait for it. */
  Executor signingThreads() {
    return key instanceof TokenKey ? TokenThreads.executor() : ImmediateExecutor.INSTANCE;
  }

  /** Whether the next handshakes are signed by the private key method of the context. */
  void signElsewhere(boolean elsewhere) {
    this.elsewhere = elsewhere;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return keyType.equals(key.getAlgorithm()) ? ALIAS : null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return keyType.equals(key.getAlgorithm()) ? new String[] {ALIAS} : null;
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
