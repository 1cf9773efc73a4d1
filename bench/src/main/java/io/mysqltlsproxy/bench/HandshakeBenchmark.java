package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.TlsSession;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The proxy's part of a TLS 1.3 handshake, in its two halves; the client's part is not timed. Their
 * sum is what a handshake costs the proxy.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class HandshakeBenchmark {
  /** The proxy's TLS, and the client's. */
  @State(Scope.Thread)
  public static class Setting {
    @Param("BORING_SSL")
    public TlsLibrary library;

    @Param public HandshakeCase with;
    @Param public HandshakeKind handshake;

    private ProxyTls tls;
    private SslContext context;
    Session session;

    @Setup
    public void load() throws Exception {
      tls =
          ProxyTls.load(
              library, with.key(), Map.of("tls-version", "TLSv1.3", "tls-groups", with.group()));
      context = client().build();
      if (handshake == HandshakeKind.RESUMED) {
        Session first = begun();
        first.answerHello();
        first.finish();
      }
    }

    /** BoringSSL's client, but where it does not know the proxy's certificate. */
    private SslContextBuilder client() {
      boolean jdk = with.key() == KeyKind.ED25519;
      SslProvider provider = jdk ? SslProvider.JDK : SslProvider.OPENSSL_REFCNT;
      SslContextBuilder builder =
          handshake == HandshakeKind.FULL
              ? ProxyTls.client(provider)
              : tls.client(provider, with.clientKey());
      builder.protocols("TLSv1.3");
      return jdk
          ? builder
          : builder.option(OpenSslContextOption.GROUPS, new String[] {with.group()});
    }

    /** Two ends, the client of which has said hello. */
    Session begun() {
      EmbeddedChannel client = new EmbeddedChannel();
      // BoringSSL's client looks for a session by the name and port of its peer.
      client
          .pipeline()
          .addLast(
              handshake == HandshakeKind.RESUMED
                  ? context.newHandler(client.alloc(), "proxy", 3306)
                  : context.newHandler(client.alloc()),
              new Discard());
      return new Session(tls.server(), client, new EmbeddedChannel());
    }

    @TearDown(Level.Invocation)
    public void end() {
      TlsSession proved = session.finish();
      boolean certificate = proved.clientCertificate().isPresent();
      if (certificate == (handshake == HandshakeKind.FULL)
          || proved.resumed() != (handshake == HandshakeKind.RESUMED)) {
        throw new IllegalStateException(proved + " is not " + handshake);
      }
    }

    @TearDown
    public void close() {
      tls.close();
    }
  }

  /** Two ends in memory. */
  record Session(ServerTls tls, EmbeddedChannel client, EmbeddedChannel proxy) {

    /** The proxy takes all that the client has sent. */
    void answerHello() {
      proxy.pipeline().addLast(tls.newHandler(proxy.alloc()), new Discard());
      Wire.carry(client, proxy);
    }

    /** Brings the handshake to its end. */
    TlsSession finish() {
      Wire.carryAll(client, proxy);
      SslHandler handler = proxy.pipeline().get(SslHandler.class);
      Wire.check(handler);
      // BoringSSL's tickets go along with the first answer.
      Wire.send(proxy, Memory.DIRECT.of(new byte[1]));
      Wire.carryAll(client, proxy);
      TlsSession session = TlsSession.of(handler.engine());
      client.finishAndReleaseAll();
      proxy.finishAndReleaseAll();
      return session;
    }
  }

  /** The client has said hello. */
  @State(Scope.Thread)
  public static class Hello extends Setting {
    @Setup(Level.Invocation)
    public void begin() {
      session = begun();
    }
  }

  /** The client has answered the proxy's hello. */
  @State(Scope.Thread)
  public static class Answer extends Setting {
    @Setup(Level.Invocation)
    public void answer() {
      session = begun();
      session.answerHello();
      Wire.carry(session.proxy(), session.client());
    }
  }

  /** A connection's TLS set up, key exchange and signature. */
  @Benchmark
  public void hello(Hello hello) {
    hello.session.answerHello();
  }

  /** The client's certificate, where it shows one, and the end of the handshake. */
  @Benchmark
  public void finish(Answer answer) {
    Wire.carry(answer.session.client(), answer.session.proxy());
  }
}
