package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.ImmediateExecutor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** The JDK's own TLS as a client of one server. */
final class JdkClientEngine implements TlsEngine {
  private final SslContextBuilder builder;
  private final SslContext shared;
  private final boolean resumes;
  private final Backend.Tcp server;
  private final Executor signingThreads;

  private JdkClientEngine(
      SslContextBuilder builder,
      SslContext shared,
      boolean resumes,
      Backend.Tcp server,
      Executor signingThreads) {
    this.builder = builder;
    this.shared = shared;
    this.resumes = resumes;
    this.server = server;
    this.signingThreads = signingThreads;
  }

  /**
   * Makes it.
   *
   * @param resumption for how long a session can be resumed; zero where none is
   */
  static JdkClientEngine create(
      OptionValues values,
      Optional<OwnCertificate> own,
      TrustManager trust,
      Backend.Tcp server,
      Duration resumption)
      throws OptionException {
    // The JDK reads it once, when the process first uses its TLS.
    System.setProperty("jdk.tls.namedGroups", JdkEngine.groups(values));
    JdkEngine.checkVersions(values);
    CipherChoice ciphers = CipherChoice.of(values, JdkEngine.supported(values));
    Optional<OwnKeyManager> keys = own.map(OwnKeyManager::new);
    SslContextBuilder builder =
        ContextSettings.clientBuilder(values, keys, trust, ciphers).sslProvider(SslProvider.JDK);
    if (!resumption.isZero()) {
      builder.sessionTimeout(resumption.toSeconds());
    }
    try {
      return new JdkClientEngine(
          builder,
          builder.build(),
          !resumption.isZero(),
          server,
          keys.map(OwnKeyManager::signingThreads).orElse(ImmediateExecutor.INSTANCE));
    } catch (SSLException | IllegalArgumentException e) {
      throw values.wrong(
          Options.SSL_CERT,
          "the JDK's TLS refuses it: " + e.getMessage(),
          "give another certificate");
    }
  }

  @Override
  public String name() {
    return JdkEngine.description();
  }

  /** The JDK cannot switch resumption off, but no session outlives its context. */
  @Override
  public SslHandler newHandler(ByteBufAllocator allocator) {
    try {
      SslContext context = resumes ? shared : builder.build();
      return context.newHandler(allocator, server.host(), server.port(), signingThreads);
    } catch (SSLException e) {
      throw new IllegalStateException("the same settings made a TLS context before", e);
    }
  }

  @Override
  public void close() {}
}
