package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslClientContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** BoringSSL as a client of one server. */
final class BoringSslClient implements TlsEngine {
  /** Each connection takes one of TLSv1.3, and brings two. */
  private static final int MAX_SESSIONS = 1024;

  private final ReferenceCountedOpenSslClientContext context;
  private final Backend.Tcp server;

  private BoringSslClient(ReferenceCountedOpenSslClientContext context, Backend.Tcp server) {
    this.context = context;
    this.server = server;
  }

  /**
   * Makes it.
   *
   * @param resumption for how long a session can be resumed; zero where none is
   */
  static BoringSslClient create(
      OptionValues values,
      Optional<OwnCertificate> own,
      TrustManager trust,
      Backend.Tcp server,
      Duration resumption)
      throws OptionException {
    CipherChoice ciphers =
        CipherChoice.of(values, new CipherNames(OpenSsl.availableJavaCipherSuites()));
    BoringSsl.checkTls13(values);
    Optional<OwnKeyManager> keys = own.map(OwnKeyManager::new);
    SslContextBuilder builder =
        ContextSettings.clientBuilder(values, keys, trust, ciphers)
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .option(
                OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES,
                BoringSsl.MAX_CERTIFICATE_LIST_BYTES)
            .option(OpenSslContextOption.GROUPS, BoringSsl.groups(values));
    keys.ifPresent(each -> each.signByToken(builder));
    try {
      var context = (ReferenceCountedOpenSslClientContext) builder.build();
      OpenSslSessionContext sessions = context.sessionContext();
      sessions.setSessionCacheEnabled(!resumption.isZero());
      if (!resumption.isZero()) {
        sessions.setSessionCacheSize(MAX_SESSIONS);
        sessions.setSessionTimeout((int) resumption.toSeconds());
      }
      return new BoringSslClient(context, server);
    } catch (SSLException e) {
      throw values.wrong(
          Options.SSL_CERT, "BoringSSL refuses it: " + e.getMessage(), "give another certificate");
    }
  }

  @Override
  public String name() {
    return BoringSsl.description();
  }

  @Override
  public SslHandler newHandler(ByteBufAllocator allocator) {
    return context.newHandler(allocator, server.host(), server.port());
  }

  @Override
  public void close() {
    context.release();
  }
}
