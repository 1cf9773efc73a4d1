package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import java.util.Optional;

/** What both engines are told in the same way. */
final class ContextSettings {
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

  /** For how long a session may be resumed; zero for not at all. */
  static Duration resumption(OptionValues values) {
    return values.get(Options.SSL_SESSION_CACHE_MODE)
        ? values.get(Options.SSL_SESSION_CACHE_TIMEOUT)
        : Duration.ZERO;
  }
}
