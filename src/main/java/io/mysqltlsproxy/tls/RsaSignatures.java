package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.tls.sign.AwsLc;
import io.mysqltlsproxy.tls.sign.ProviderSignatures;
import io.mysqltlsproxy.tls.sign.SigningThreads;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSslAsyncPrivateKeyMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.PrivateKey;
import java.security.SignatureException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who signs with an RSA key: BoringSSL, or AWS-LC where it is faster on this machine. BoringSSL
 * signs on the event loop, AWS-LC beside it, so that other clients of the loop do not wait.
 *
 * <p>That is measured once in a process, beside the first handshake, so that neither the start nor
 * a proxy without clients pays for the second library.
 */
final class RsaSignatures implements OpenSslAsyncPrivateKeyMethod {
  private static final Logger LOG = LoggerFactory.getLogger(RsaSignatures.class);
  private static final int ROUNDS = 12;
  private static final int MAX_FLIGHTS = 20;

  /** What the measurement of this process has said. */
  private static volatile @Nullable Boolean faster;

  private final PrivateKey key;
  private final OwnKeyManager keys;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable ProviderSignatures other;

  private RsaSignatures(PrivateKey key, OwnKeyManager keys) {
    this.key = key;
    this.keys = keys;
  }

  /**
   * The choice for a key. There is none for one that is on a token.
   *
   * @param versions of TLS that are offered
   * @return empty where BoringSSL signs in any case
   */
  static Optional<RsaSignatures> of(PrivateKey key, OwnKeyManager keys, List<String> versions) {
    return key.getAlgorithm().equals("RSA")
            && key.getEncoded() != null
            && List.of("TLSv1.2", "TLSv1.3").containsAll(versions)
        ? Optional.of(new RsaSignatures(key, keys))
        : Optional.empty();
  }

  /** Whether it is known which library is faster here. */
  static boolean isMeasured() {
    return faster != null;
  }

  /** Makes the choice, if nobody has, on a thread of its own. BoringSSL signs in the meantime. */
  void begin(SslContext context) {
    if (Boolean.FALSE.equals(faster) || !begun.compareAndSet(false, true)) {
      return;
    }
    ReferenceCountUtil.retain(context);
    Thread thread = new Thread(() -> choose(context), "rsa-signatures");
    thread.setDaemon(true);
    thread.start();
  }

  private void choose(SslContext context) {
    try {
      Optional<ProviderSignatures> signatures = AwsLc.signatures(key);
      if (signatures.isEmpty()) {
        faster = false;
        return;
      }
      other = signatures.get();
      if (faster == null) {
        faster = measure(context);
      }
      keys.signElsewhere(Boolean.TRUE.equals(faster));
    } catch (LinkageError notForThisPlatform) {
      faster = false;
      keys.signElsewhere(false);
    } catch (SSLException | RuntimeException e) {
      faster = false;
      keys.signElsewhere(false);
      LOG.warn("RSA signatures stay with BoringSSL: {}", e.toString());
    } finally {
      ReferenceCountUtil.release(context);
    }
  }

  /**
   * Compares whole handshakes, since only they reach both libraries: the one of each that took the
   * least CPU time, which does not depend on what else the machine does.
   */
  private boolean measure(SslContext server) throws SSLException {
    SslContext client =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .build();
    try {
      long[] least = {Long.MAX_VALUE, Long.MAX_VALUE};
      for (int round = 0; round < ROUNDS; round++) {
        int which = round % 2;
        keys.signElsewhere(which == 1);
        least[which] = Math.min(least[which], handshakeCpuNanos(server, client));
      }
      boolean better = least[1] <= least[0];
      LOG.info(
          "RSA signatures by {}: a handshake takes {} µs of CPU time with {} and {} µs with"
              + " BoringSSL",
          better ? AwsLc.name() : "BoringSSL",
          least[1] / 1000,
          AwsLc.name(),
          least[0] / 1000);
      return better;
    } finally {
      ReferenceCountUtil.release(client);
    }
  }

  private static long handshakeCpuNanos(SslContext server, SslContext client) throws SSLException {
    SslHandler answering = server.newHandler(ByteBufAllocator.DEFAULT);
    EmbeddedChannel near = new EmbeddedChannel(client.newHandler(ByteBufAllocator.DEFAULT));
    EmbeddedChannel far = new EmbeddedChannel(answering);
    try {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long start = threads.getCurrentThreadCpuTime();
      Future<?> done = answering.handshakeFuture();
      for (int flight = 0; !done.isDone() && flight < MAX_FLIGHTS; flight++) {
        pass(near, far);
        pass(far, near);
      }
      if (!done.isSuccess()) {
        throw new SSLException("a handshake for measurement failed", done.cause());
      }
      return threads.getCurrentThreadCpuTime() - start;
    } finally {
      near.finishAndReleaseAll();
      far.finishAndReleaseAll();
    }
  }

  private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
    for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      to.writeInbound(bytes);
    }
  }

  @Override
  public Future<byte[]> sign(SSLEngine engine, int algorithm, byte[] input) {
    return SigningThreads.run(() -> other().sign(engine, algorithm, input));
  }

  @Override
  public Future<byte[]> decrypt(SSLEngine engine, byte[] input) {
    return SigningThreads.run(() -> other().decrypt(engine, input));
  }

  private ProviderSignatures other() throws SignatureException {
    ProviderSignatures signatures = other;
    if (signatures == null) {
      throw new SignatureException("no library beside BoringSSL has been chosen");
    }
    return signatures;
  }
}
