package io.mysqltlsproxy.tls.ticket;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Ticket keys of this process alone: random, in memory only, and forgotten in time. */
public final class OwnTicketKeys implements TicketKeys {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Consumer<OpenSslSessionTicketKey[]> engine;
  private final long periodNanos;
  private final LongSupplier nanoTime;
  private OpenSslSessionTicketKey current = newKey();
  private volatile long madeAt;

  /**
   * Gives the engine a first key.
   *
   * @param engine takes the keys: the first encrypts, all decrypt
   * @param timeout for how long a session may be resumed
   * @param nanoTime as {@link System#nanoTime}
   */
  public OwnTicketKeys(
      Consumer<OpenSslSessionTicketKey[]> engine, Duration timeout, LongSupplier nanoTime) {
    this.engine = engine;
    this.periodNanos = timeout.toNanos() / 2;
    this.nanoTime = nanoTime;
    madeAt = nanoTime.getAsLong();
    engine.accept(new OpenSslSessionTicketKey[] {current});
  }

  @Override
  public void rotateIfDue() {
    if (nanoTime.getAsLong() - madeAt >= periodNanos) {
      rotate();
    }
  }

  private synchronized void rotate() {
    long now = nanoTime.getAsLong();
    long age = now - madeAt;
    if (age < periodNanos) {
      return; // another thread was faster
    }
    OpenSslSessionTicketKey next = newKey();
    engine.accept(
        age < 2 * periodNanos
            ? new OpenSslSessionTicketKey[] {next, current}
            : new OpenSslSessionTicketKey[] {next});
    current = next;
    madeAt = now;
  }

  private static OpenSslSessionTicketKey newKey() {
    return new OpenSslSessionTicketKey(
        random(OpenSslSessionTicketKey.NAME_SIZE),
        random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
        random(OpenSslSessionTicketKey.AES_KEY_SIZE));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
