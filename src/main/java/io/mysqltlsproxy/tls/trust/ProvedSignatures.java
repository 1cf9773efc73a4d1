package io.mysqltlsproxy.tls.trust;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The signatures that were found good, so that the same intermediates are not checked for each
 * client. Only good ones are kept: nobody fills this without an authority's help.
 */
final class ProvedSignatures {
  private static final int MAX_SIGNATURES = 1000;

  /** Who signed what. */
  record Link(SubjectKey issuersKey, PathCertificate certificate) {}

  private final Map<Link, Boolean> good =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Link, Boolean> eldest) {
          return size() > MAX_SIGNATURES;
        }
      };

  synchronized boolean contains(Link link) {
    return good.get(link) != null;
  }

  synchronized void add(Link link) {
    good.put(link, true);
  }
}
