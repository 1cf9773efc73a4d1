package io.mysqltlsproxy.catalogue;

import java.util.Set;

/**
 * One failure.
 *
 * @param name what is wrong, as a heading
 * @param site where it can be met
 * @param attempt how
 * @param beforeLogin whether a client that speaks TLS only meets it, too
 * @param alike whether clients differ no more than over another failure, so that two are enough
 * @param labels what the metrics call it; several where clients differ
 */
record Failure(
    String name,
    Site site,
    Attempt attempt,
    boolean beforeLogin,
    boolean alike,
    Set<String> labels) {

  /** Met during the login. */
  static Failure login(String name, Site site, Attempt attempt, String... labels) {
    return new Failure(name, site, attempt, false, false, Set.of(labels));
  }

  /** Met before the login. */
  static Failure early(String name, Site site, Attempt attempt, String... labels) {
    return new Failure(name, site, attempt, true, false, Set.of(labels));
  }

  /** Met before the login, and told as another that is. */
  static Failure alike(String name, Site site, String label) {
    return new Failure(name, site, Attempt.good(), true, true, Set.of(label));
  }

  boolean isMetBy(CatalogueClient client) {
    if (alike
        && client != CatalogueClient.MARIADB_10_11
        && client != CatalogueClient.CONNECTOR_J_9) {
      return false;
    }
    return client.canMake(attempt) && (beforeLogin || client != CatalogueClient.OPENSSL);
  }
}
