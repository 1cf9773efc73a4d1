package io.mysqltlsproxy.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.option.KeyLocation;
import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.option.Pkcs11Uri;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Issued;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinTest {
  /** Three ways to write one token. */
  private static final List<String> SPELLINGS =
      List.of("pkcs11:token=fake", "pkcs11:token=%66ake;slot-id=7", "pkcs11:serial=1");

  private final FakeToken token = new FakeToken(this::waitForTheOthers);
  private final Map<Thread, String> answers = new ConcurrentHashMap<>();
  private final List<Thread> threads = SPELLINGS.stream().map(this::logsIn).toList();
  private final Cryptoki cryptoki = new Cryptoki(token);
  private final Path pin;

  PinTest(@TempDir Path directory) {
    pin = Issued.writeSecret(directory.resolve("pin"), "wrong\n");
  }

  private Thread logsIn(String uri) {
    return new Thread(() -> answers.put(Thread.currentThread(), answer(uri)), uri);
  }

  private String answer(String text) {
    try {
      Pkcs11Uri uri = ((KeyLocation.Token) KeyLocation.parse(text)).uri();
      return new Token(uri, Optional.of(pin), cryptoki, 1).use(session -> "logged in");
    } catch (TokenException e) {
      return String.valueOf(e.getMessage());
    } catch (InvalidValueException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Until each tries the PIN, too, or waits for its turn. */
  private void waitForTheOthers() {
    try {
      Await.until(
          () ->
              token.pinsTried() == threads.size()
                  || threads.stream()
                      .filter(each -> !each.equals(Thread.currentThread()))
                      .allMatch(each -> each.getState() == Thread.State.BLOCKED));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aWrongPinIsTriedOnceHoweverManyUrisNameTheTokenAtOnce() throws Exception {
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(1, token.pinsTried());
    String wrong = "the PIN of " + pin + " is not that of the token 'fake' (serial 1, slot-id 7)";
    assertEquals(List.of(wrong, wrong, wrong), List.copyOf(answers.values()));
  }
}
