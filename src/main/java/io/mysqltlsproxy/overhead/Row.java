package io.mysqltlsproxy.overhead;

import java.util.Optional;

/**
 * What a way to the server gave.
 *
 * @param failure why there are no figures
 */
record Row(String way, Optional<String> failure, Optional<Figures> figures) {
  boolean hasFailed() {
    return failure.isPresent();
  }
}
