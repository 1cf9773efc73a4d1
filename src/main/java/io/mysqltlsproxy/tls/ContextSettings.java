package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.trust.ClientCertificateVerifier;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.Optional;
import javax.net.ssl.TrustManager;

/** What both engines are told in the same way. */
public final class ContextSettings {
  private ContextSettings() {}

  static SslContextBuilder builder(
      OptionValues values,
      OwnKeyManager certificate,
      Optional<ClientCertificateVerifier> verifier,
      CipherChoice ciphers) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(certificate)
            .protocols(values.get(Options.TLS_VERSION))
            .ciphers(ciphers.all(), IdentityCipherSuiteFilter.INSTANCE)
            .clientAuth(verifier.isPresent() ? ClientAuth.OPTIONAL : ClientAuth.NONE);
    verifier.ifPresent(builder::trustManager);
    return builder;
  }

  /** The same for the proxy as a client; the host's name is the trust manager's business. */
  static SslContextBuilder clientBuilder(
      OptionValues values,
      Optional<OwnKeyManager> certificate,
      TrustManager trust,
      CipherChoice ciphers) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .protocols(values.get(Options.TLS_VERSION))
            .ciphers(ciphers.all(), IdentityCipherSuiteFilter.INSTANCE)
            .trustManager(trust)
            .endpointIdentificationAlgorithm(null);
    certificate.ifPresent(builder::keyManager);
    return builder;
  }
}
