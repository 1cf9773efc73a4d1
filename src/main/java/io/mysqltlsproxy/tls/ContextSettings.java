package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.trust.ClientCertificateVerifier;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.Optional;

/** What both engines are told in the same way. */
public final class ContextSettings {
  private ContextSettings() {}

  static SslContextBuilder builder(
      OptionValues values,
      ServerCertificate certificate,
      Optional<ClientCertificateVerifier> verifier,
      CipherChoice ciphers) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(new ServerKeyManager(certificate))
            .protocols(values.get(Options.TLS_VERSION))
            .ciphers(ciphers.all(), IdentityCipherSuiteFilter.INSTANCE)
            .clientAuth(verifier.isPresent() ? ClientAuth.OPTIONAL : ClientAuth.NONE);
    verifier.ifPresent(builder::trustManager);
    return builder;
  }
}
