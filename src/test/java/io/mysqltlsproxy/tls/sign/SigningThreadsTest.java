package io.mysqltlsproxy.tls.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // what fails is waited for in vain
class SigningThreadsTest {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

  @AfterEach
  void end() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
  }

  @Test
  void anEventLoopDoesNotSignItself() throws Exception {
    Future<Thread> signer =
        group.submit(() -> SigningThreads.run(Thread::currentThread)).get(60, TimeUnit.SECONDS);
    Thread loop = group.submit(Thread::currentThread).get(60, TimeUnit.SECONDS);

    assertNotEquals(loop, signer.get(60, TimeUnit.SECONDS));
  }

  @Test
  void anyOtherThreadSignsItself() {
    assertSame(Thread.currentThread(), SigningThreads.run(Thread::currentThread).getNow());
  }

  @Test
  void aKeyThatCannotSignFailsTheSignature() {
    IllegalStateException failure = new IllegalStateException("of the test");

    Future<byte[]> signature =
        SigningThreads.run(
            () -> {
              throw failure;
            });

    assertEquals(failure, signature.cause());
  }
}
