package io.mysqltlsproxy.tls;

import java.time.Instant;
import java.util.Optional;

/**
 * Until when the loaded files are good: of several the earliest.
 *
 * @param own the proxy's own certificate; empty where it has none
 * @param authority the certificates of {@code ssl-ca} and {@code ssl-capath}; empty where there are
 *     none
 * @param revocationLists when the next ones are due, after which clients are refused; empty where
 *     there are none, or none says so
 */
public record Expiries(
    Optional<Instant> own, Optional<Instant> authority, Optional<Instant> revocationLists) {}
