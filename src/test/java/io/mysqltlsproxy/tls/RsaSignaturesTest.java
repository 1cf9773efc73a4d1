package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.mysqltlsproxy.tls.sign.AwsLc;
import io.mysqltlsproxy.tls.sign.ProviderSignatures;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RSA signatures by another library than the one that speaks TLS: clients cannot tell. */
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64|x86_64",
    disabledReason = "the library is for this processor alone")
class RsaSignaturesTest {
  @ParameterizedTest
  @CsvSource({
    "TLSv1.3, TLS_AES_128_GCM_SHA256",
    "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLSv1.2, TLS_RSA_WITH_AES_128_GCM_SHA256",
  })
  void aClientTakesThem(String version, String suite, @TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir, KeyType.RSA);
    OwnCertificate certificate = OwnCertificate.load(tls.values());
    OwnKeyManager keys = new OwnKeyManager(certificate);
    keys.signElsewhere(true);
    Counting method = new Counting(certificate.key());
    SslContext server =
        SslContextBuilder.forServer(keys)
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .protocols(version)
            .ciphers(List.of(suite))
            .option(OpenSslContextOption.PRIVATE_KEY_METHOD, method)
            .build();
    try {
      SslHandler client = TestTls.handler(tls.client().protocols(version).ciphers(List.of(suite)));

      assertTrue(handshake(server, client));

      assertEquals(1, method.calls.get());
    } finally {
      ReferenceCountUtil.release(server);
    }
  }

  /** By the numbers that TLS gives them, and verified by the JDK's own provider. */
  @ParameterizedTest
  @CsvSource({
    "0x0201, SHA1withRSA, ",
    "0x0401, SHA256withRSA, ",
    "0x0501, SHA384withRSA, ",
    "0x0601, SHA512withRSA, ",
    "0x0804, RSASSA-PSS, SHA-256",
    "0x0805, RSASSA-PSS, SHA-384",
    "0x0806, RSASSA-PSS, SHA-512",
  })
  void eachSchemeIsTheOneOfItsNumber(
      String number, String name, @Nullable String hash, @TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir, KeyType.RSA);
    OwnCertificate certificate = OwnCertificate.load(tls.values());
    byte[] message = {1, 2, 3};

    byte[] signed =
        AwsLc.signatures(certificate.key())
            .orElseThrow()
            .sign(SSLContext.getDefault().createSSLEngine(), Integer.decode(number), message);

    Signature verifier = Signature.getInstance(name, "SunRsaSign");
    if (hash != null) {
      int bytes = MessageDigest.getInstance(hash).getDigestLength();
      verifier.setParameter(
          new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), bytes, 1));
    }
    verifier.initVerify(certificate.chain().get(0));
    verifier.update(message);
    assertTrue(verifier.verify(signed));
  }

  @Test
  void clientsGetInBeforeWhileAndAfterItIsMeasuredWhoIsFaster(@TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir, KeyType.RSA);
    try (ServerTls server = tls.load(EngineChoice.BORING_SSL)) {
      Await.until(
          () -> {
            try (Handshake each = new Handshake(server, TestTls.handler(tls.client()))) {
              assertTrue(each.succeeded(), String.valueOf(each.serverFailure()));
            }
            return RsaSignatures.isMeasured();
          });
      try (Handshake after = new Handshake(server, TestTls.handler(tls.client()))) {
        assertTrue(after.succeeded(), String.valueOf(after.serverFailure()));
      }
    }
  }

  private static boolean handshake(SslContext server, SslHandler client) {
    EmbeddedChannel near = new EmbeddedChannel(client);
    SslHandler answering = server.newHandler(near.alloc());
    EmbeddedChannel far = new EmbeddedChannel(answering);
    for (int flight = 0; flight < 20 && !answering.handshakeFuture().isDone(); flight++) {
      near.runPendingTasks();
      far.runPendingTasks();
      carry(near, far);
      carry(far, near);
    }
    boolean succeeded =
        answering.handshakeFuture().isSuccess() && client.handshakeFuture().isSuccess();
    near.finishAndReleaseAll();
    far.finishAndReleaseAll();
    return succeeded;
  }

  private static void carry(EmbeddedChannel from, EmbeddedChannel to) {
    for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      to.writeInbound(bytes);
    }
  }

  /** Counts what it is asked. */
  private static final class Counting implements OpenSslPrivateKeyMethod {
    private final ProviderSignatures signatures;
    private final AtomicInteger calls = new AtomicInteger();

    Counting(PrivateKey key) {
      signatures = AwsLc.signatures(key).orElseThrow();
    }

    @Override
    public byte[] sign(SSLEngine engine, int algorithm, byte[] input) throws Exception {
      calls.incrementAndGet();
      return signatures.sign(engine, algorithm, input);
    }

    @Override
    public byte[] decrypt(SSLEngine engine, byte[] input) throws Exception {
      calls.incrementAndGet();
      return signatures.decrypt(engine, input);
    }
  }
}
