package io.mysqltlsproxy.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a proxy process takes while nobody is connected.
 *
 * @param start which process of its site it is
 * @param heap bytes in use after a collection
 * @param buffers bytes of the pool of direct buffers
 * @param direct bytes of all direct memory that Java knows of
 * @param resident bytes
 */
record Figures(
    int start, long heap, long buffers, long direct, long resident, long files, long threads) {
  private static final long MEBI = 1 << 20;

  /** Of a proxy now. */
  static Figures of(SoakProxy proxy) throws IOException, InterruptedException {
    proxy.collectGarbage();
    proxy.collectGarbage();
    long heap = (long) proxy.metric("jvm_memory_used_bytes{area=\"heap\"");
    return new Figures(
        proxy.starts(),
        heap,
        (long) proxy.metric("mysql_tls_proxy_buffers_bytes{memory=\"direct\""),
        (long) proxy.metric("jvm_buffer_memory_used_bytes{id=\"direct\""),
        proxy.status("VmRSS") * 1024,
        proxy.openFiles(),
        proxy.status("Threads"));
  }

  /** What has grown since these, beyond what a process at rest varies by. */
  List<String> growthSince(Figures before) {
    List<String> grown = new ArrayList<>();
    compare(grown, "heap", before.heap, heap, MEBI);
    compare(grown, "buffers", before.buffers, buffers, 4 * MEBI);
    compare(grown, "direct memory", before.direct, direct, 4 * MEBI);
    compare(grown, "resident memory", before.resident, resident, 12 * MEBI);
    compare(grown, "open files", before.files, files, 3);
    compare(grown, "threads", before.threads, threads, 2);
    return grown;
  }

  private static void compare(List<String> grown, String what, long before, long now, long by) {
    if (now - before > by) {
      grown.add(what + " has grown from " + before + " to " + now);
    }
  }

  @Override
  public String toString() {
    return String.format(
        "process %d | %.1f MiB | %.1f MiB | %.1f MiB | %.1f MiB | %d | %d",
        start,
        (double) heap / MEBI,
        (double) buffers / MEBI,
        (double) direct / MEBI,
        (double) resident / MEBI,
        files,
        threads);
  }
}
