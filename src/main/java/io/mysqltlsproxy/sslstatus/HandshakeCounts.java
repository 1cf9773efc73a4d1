package io.mysqltlsproxy.sslstatus;

import io.mysqltlsproxy.tls.TlsSession;
import java.util.concurrent.atomic.LongAdder;

/** TLS handshakes since the proxy started. */
public final class HandshakeCounts {

  private final LongAdder begun = new LongAdder();
  private final LongAdder finished = new LongAdder();
  private final LongAdder resumed = new LongAdder();

  public void begin() {
    begun.increment();
  }

  public void finish(TlsSession session) {
    finished.increment();
    if (session.resumed()) {
      resumed.increment();
    }
  }

  long begun() {
    return begun.sum();
  }

  long finished() {
    return finished.sum();
  }

  long resumed() {
    return resumed.sum();
  }
}
