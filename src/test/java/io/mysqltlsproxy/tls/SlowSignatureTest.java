package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.tls.sign.AwsLc;
import io.mysqltlsproxy.tls.sign.ProviderSignatures;
import io.mysqltlsproxy.tls.sign.SigningThreads;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.ssl.OpenSslAsyncPrivateKeyMethod;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Signatures that take longer than a client or an event loop should wait. */
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64|x86_64",
    disabledReason = "the library is for this processor alone")
@SuppressWarnings("FutureReturnValueIgnored") // what fails is waited for in vain
class SlowSignatureTest {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

  @AfterEach
  void end() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
  }

  @Test
  void whileAKeySignsTheLoopServesOthersAndAClientMayLeave(@TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir, KeyType.RSA);
    OwnCertificate certificate = OwnCertificate.load(tls.values());
    Slow key = new Slow(certificate);
    SslContext context = key.context(certificate);
    SslContext clients = tls.client().build();
    try {
      Channel listener = listen(context);
      Channel leaving = connect(clients, listener);
      Await.until(() -> key.begun.getCount() == 0);
      leaving.close().await(60, TimeUnit.SECONDS);
      Channel staying = connect(clients, listener);
      assertTrue(group.submit(() -> true).get(60, TimeUnit.SECONDS));
      Future<Channel> handshake = staying.pipeline().get(SslHandler.class).handshakeFuture();
      assertFalse(handshake.isDone());

      key.mayEnd.countDown();

      assertTrue(handshake.await(60, TimeUnit.SECONDS));
      assertTrue(handshake.isSuccess(), () -> String.valueOf(handshake.cause()));
    } finally {
      key.mayEnd.countDown();
      ReferenceCountUtil.release(context);
    }
  }

  private Channel listen(SslContext context) {
    return new ServerBootstrap()
        .group(group)
        .channel(LocalServerChannel.class)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel accepted) {
                accepted.pipeline().addLast(context.newHandler(accepted.alloc()));
              }
            })
        .bind(LocalAddress.ANY)
        .syncUninterruptibly()
        .channel();
  }

  private Channel connect(SslContext context, Channel listener) {
    return new Bootstrap()
        .group(group)
        .channel(LocalChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel client) {
                client.pipeline().addLast(context.newHandler(client.alloc()));
              }
            })
        .connect(listener.localAddress())
        .syncUninterruptibly()
        .channel();
  }

  /** A key that takes as long as the test wants. */
  private static final class Slow implements OpenSslAsyncPrivateKeyMethod {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final ProviderSignatures signatures;

    Slow(OwnCertificate certificate) {
      signatures = AwsLc.signatures(certificate.key()).orElseThrow();
    }

    SslContext context(OwnCertificate certificate) throws SSLException {
      OwnKeyManager keys = new OwnKeyManager(certificate);
      keys.signElsewhere(true);
      return SslContextBuilder.forServer(keys)
          .sslProvider(SslProvider.OPENSSL_REFCNT)
          .option(OpenSslContextOption.ASYNC_PRIVATE_KEY_METHOD, this)
          .build();
    }

    @Override
    public Future<byte[]> sign(SSLEngine engine, int algorithm, byte[] input) {
      return SigningThreads.run(
          () -> {
            begun.countDown();
            mayEnd.await();
            return signatures.sign(engine, algorithm, input);
          });
    }

    @Override
    public Future<byte[]> decrypt(SSLEngine engine, byte[] input) {
      throw new UnsupportedOperationException("no suite of the test needs it");
    }
  }
}
