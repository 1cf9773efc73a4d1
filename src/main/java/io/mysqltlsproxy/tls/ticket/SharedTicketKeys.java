package io.mysqltlsproxy.tls.ticket;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Ticket keys that every proxy with the same key file has at the same time: derived from the file's
 * keys for the period that the clock shows, half a timeout long.
 *
 * <p>Those of the period before still decrypt. Those of the next one would serve nobody: BoringSSL
 * resumes no session that, by this proxy's clock, has yet to begin.
 */
public final class SharedTicketKeys implements TicketKeys {
  private final Consumer<OpenSslSessionTicketKey[]> engine;
  private final TicketKeyFile file;
  private final long periodMillis;
  private final InstantSource clock;
  private volatile long period;

  /**
   * Gives the engine its first keys.
   *
   * @param engine takes the keys: the first encrypts, all decrypt
   * @param timeout for how long a session may be resumed
   */
  public SharedTicketKeys(
      Consumer<OpenSslSessionTicketKey[]> engine,
      TicketKeyFile file,
      Duration timeout,
      InstantSource clock) {
    this.engine = engine;
    this.file = file;
    this.periodMillis = timeout.toMillis() / 2;
    this.clock = clock;
    install(now());
  }

  @Override
  public void rotateIfDue() {
    if (now() != period) {
      rotate();
    }
  }

  private synchronized void rotate() {
    long now = now();
    if (now != period) {
      install(now);
    }
  }

  private void install(long now) {
    List<OpenSslSessionTicketKey> keys = new ArrayList<>();
    keys.add(file.encrypting().derive(periodMillis, now));
    for (TicketKey key : file.keys()) {
      if (!key.equals(file.encrypting())) {
        keys.add(key.derive(periodMillis, now));
      }
      keys.add(key.derive(periodMillis, now - 1));
    }
    engine.accept(keys.toArray(OpenSslSessionTicketKey[]::new));
    period = now;
  }

  private long now() {
    return clock.millis() / periodMillis;
  }
}
