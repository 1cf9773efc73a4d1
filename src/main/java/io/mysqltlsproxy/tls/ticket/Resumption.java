package io.mysqltlsproxy.tls.ticket;

import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.time.Duration;

/** Whether, and for how long, TLS sessions can be resumed. */
public final class Resumption {
  private Resumption() {}

  /** How long after its handshake a session can be resumed; zero where it cannot. */
  public static Duration lifetime(OptionValues values) {
    return values.get(Options.SSL_SESSION_CACHE_MODE)
        ? values.get(Options.SSL_SESSION_CACHE_TIMEOUT)
        : Duration.ZERO;
  }
}
