package io.mysqltlsproxy.account;

import java.util.List;
import java.util.Optional;

/**
 * What the rules know of an account's passwords: in MariaDB it may have one for each of several
 * plugins.
 */
public record StoredHashes(List<StoredHash> hashes) {
  public static final StoredHashes NONE = new StoredHashes(List.of());

  public StoredHashes {
    hashes = List.copyOf(hashes);
  }

  /**
   * The hash for the plugin with which the client has logged in.
   *
   * @param clientPlugin its name in packets
   */
  public Optional<StoredHash> of(String clientPlugin) {
    return hashes.stream().filter(hash -> hash.isFor(clientPlugin)).findFirst();
  }

  public boolean isEmpty() {
    return hashes.isEmpty();
  }
}
