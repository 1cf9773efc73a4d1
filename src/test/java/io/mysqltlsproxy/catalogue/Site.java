package io.mysqltlsproxy.catalogue;

import io.mysqltlsproxy.testing.Opened;
import java.io.IOException;
import java.util.List;

/**
 * A proxy with its options, and the server behind it.
 *
 * @param name tells it from the others
 */
record Site(String name, Backend backend, List<String> options, Holder holder) {

  /** Starts what stands behind the proxy. */
  interface Backend {
    /** As the option {@code backend} has it. */
    String start(Opened opened) throws IOException;
  }

  /** Takes a place before the client comes. */
  interface Holder {
    /** Nobody is there before. */
    Holder NOBODY = (opened, proxy) -> {};

    void hold(Opened opened, CatalogueProxy proxy) throws IOException;
  }

  static Site of(String name, Backend backend, String... options) {
    return new Site(name, backend, List.of(options), Holder.NOBODY);
  }

  Site held(Holder by) {
    return new Site(name, backend, options, by);
  }
}
