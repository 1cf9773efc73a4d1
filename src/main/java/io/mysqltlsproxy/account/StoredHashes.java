package io.mysqltlsproxy.account;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
   * The hashes for the plugin with which the client has logged in.
   *
   * @param clientPlugin its name in packets
   */
  public Stream<StoredHash> of(String clientPlugin) {
    return hashes.stream().filter(hash -> hash.isFor(clientPlugin));
  }

  /** These, and others behind them, each once. */
  StoredHashes and(StoredHashes others) {
    if (isEmpty() || others.isEmpty()) {
      return isEmpty() ? others : this;
    }
    Set<StoredHash> all = new LinkedHashSet<>(hashes);
    all.addAll(others.hashes);
    return new StoredHashes(List.copyOf(all));
  }

  public boolean isEmpty() {
    return hashes.isEmpty();
  }
}
