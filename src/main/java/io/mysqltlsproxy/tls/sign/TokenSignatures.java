package io.mysqltlsproxy.tls.sign;

import io.mysqltlsproxy.pkcs11.TokenKey;
import io.mysqltlsproxy.pkcs11.TokenProvider;
import io.mysqltlsproxy.pkcs11.TokenThreads;
import io.netty.handler.ssl.OpenSslAsyncPrivateKeyMethod;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLEngine;

/** What BoringSSL asks of a key on a token, which may take its time: not on the event loop. */
public final class TokenSignatures implements OpenSslAsyncPrivateKeyMethod {
  private final TokenKey key;
  private final ProviderSignatures signatures;

  public TokenSignatures(TokenKey key) {
    this.key = key;
    signatures = new ProviderSignatures(TokenProvider.INSTANCE, key);
  }

  @Override
  public Future<byte[]> sign(SSLEngine engine, int algorithm, byte[] input) {
    return elsewhere(() -> signatures.sign(engine, algorithm, input));
  }

  @Override
  public Future<byte[]> decrypt(SSLEngine engine, byte[] input) {
    return elsewhere(() -> key.decrypt(input));
  }

  /** The engine goes on with the answer on its event loop by itself. */
  private Future<byte[]> elsewhere(Callable<byte[]> work) {
    Promise<byte[]> promise = ImmediateEventExecutor.INSTANCE.newPromise();
    var unused =
        TokenThreads.sign(key, work)
            .whenComplete(
                (bytes, failure) -> {
                  if (failure == null) {
                    promise.setSuccess(bytes);
                  } else {
                    promise.setFailure(failure);
                  }
                });
    return promise;
  }
}
