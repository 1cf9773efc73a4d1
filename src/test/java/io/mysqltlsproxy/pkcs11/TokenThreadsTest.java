package io.mysqltlsproxy.pkcs11;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenThreadsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private final CountDownLatch answers = new CountDownLatch(1);
  private final AtomicInteger working = new AtomicInteger();

  @AfterEach
  void letGo() {
    answers.countDown();
  }

  private byte[] hang() throws InterruptedException {
    working.incrementAndGet();
    answers.await();
    return new byte[] {1};
  }

  private static Throwable failure(CompletableFuture<byte[]> future) {
    CompletionException thrown = assertThrows(CompletionException.class, future::join);
    return Objects.requireNonNull(thrown.getCause());
  }

  @Test
  void aTokenThatDoesNotAnswerFailsTheSignatureInTime() {
    List<TokenException> late = new ArrayList<>();

    Throwable failure = failure(TokenThreads.within(Duration.ofSeconds(1), this::hang, late::add));

    assertEquals("the token has not answered within 1 s", failure.getMessage());
    assertEquals(List.of(failure), late);
  }

  @Test
  void aTokenThatHangsTakesAFewThreadsAndABoundedQueue() throws Exception {
    List<CompletableFuture<byte[]>> waiting = new ArrayList<>();
    CompletableFuture<byte[]> refused;
    do {
      refused = TokenThreads.within(LONG, this::hang, late -> {});
      waiting.add(refused);
    } while (!refused.isDone());

    assertInstanceOf(TokenException.class, failure(refused));
    assertTrue(waiting.size() <= 1024 + Token.MAX_SESSIONS + 1, "" + waiting.size());
    Await.assertBecomes(Token.MAX_SESSIONS, working::get);
    answers.countDown();
    assertArrayEquals(new byte[] {1}, waiting.get(0).join());
    Await.assertBecomes(waiting.size() - 1, working::get);
  }
}
