package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.it.BadClient;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What goes wrong, each on purpose. */
enum FaultKind {
  SERVER_KILLED(true) {
    @Override
    void inject(Site site, int round) throws IOException, InterruptedException {
      site.server().kill();
      pause(100, 1500);
      site.server().start();
    }
  },
  SERVER_STOPPED(true) {
    @Override
    void inject(Site site, int round) throws IOException, InterruptedException {
      site.server().stop();
      try {
        pause(500, round == 0 ? 3_000 : 20_000);
      } finally {
        site.server().resume();
      }
    }
  },
  SERVER_RESTARTED(true) {
    @Override
    void inject(Site site, int round) throws IOException {
      site.server().terminate();
      site.server().start();
    }
  },
  CONNECTIONS_RESET(true) {
    @Override
    void inject(Site site, int round) throws InterruptedException {
      for (CuttingRelay relay : site.relays()) {
        relay.cut();
      }
    }
  },
  CERTIFICATE_REPLACED(false) {
    @Override
    void inject(Site site, int round) throws IOException, InterruptedException {
      site.replaceCertificate();
    }
  },
  CRL_REPLACED(false) {
    @Override
    void inject(Site site, int round) throws IOException, InterruptedException {
      site.replaceCrl(round % 2 == 0);
    }
  },
  RULES_REPLACED(false) {
    @Override
    void inject(Site site, int round) throws IOException, InterruptedException {
      site.replaceRules(round % 2 == 0);
    }
  },
  BAD_CLIENTS(false) {
    @Override
    void inject(Site site, int round) throws InterruptedException {
      ExecutorService some = Executors.newFixedThreadPool(8);
      for (BadClient kind : BadClient.values()) {
        for (int i = 0; i < 6; i++) {
          some.execute(
              () -> {
                try {
                  kind.play(site.proxy().address());
                } catch (IOException noPlace) {
                  // Or it was thrown out, as it should be.
                }
              });
        }
      }
      some.shutdown();
      if (!some.awaitTermination(90, TimeUnit.SECONDS)) {
        throw new IllegalStateException("bad clients hang");
      }
    }
  },
  PROXY_RESTARTED(true) {
    @Override
    void inject(Site site, int round) throws IOException, InterruptedException {
      site.proxy().restart(round % 2 == 0 ? "TERM" : "KILL");
    }
  },
  DESCRIPTORS_EXHAUSTED(true) {
    @Override
    void inject(Site site, int round) throws IOException, InterruptedException {
      site.proxy().limitOpenFiles(true);
      try {
        pause(1000, 3000);
      } finally {
        site.proxy().limitOpenFiles(false);
      }
    }
  };

  private final boolean breaking;

  FaultKind(boolean breaking) {
    this.breaking = breaking;
  }

  /** Whether connections of good clients may break by it. */
  boolean isBreaking() {
    return breaking;
  }

  /**
   * Does it, and mends it.
   *
   * @param round how often it has been done at this site
   */
  abstract void inject(Site site, int round) throws IOException, InterruptedException;

  private static void pause(int fromMillis, int toMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(fromMillis, toMillis));
  }
}
