package io.mysqltlsproxy.soak;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Injects one fault after the other into one site, every few seconds. */
final class Mischief implements Runnable {
  private final Site site;
  private final Ledger ledger;
  private final Deck deck;
  private final Pause pause;
  private final Predicate<FaultKind> permitted;
  private final Map<FaultKind, Integer> rounds = new EnumMap<>(FaultKind.class);

  /**
   * For one site.
   *
   * @param permitted what may be done to it now; something else is dealt in place of the rest
   */
  Mischief(Site site, Ledger ledger, Deck deck, Pause pause, Predicate<FaultKind> permitted) {
    this.site = site;
    this.ledger = ledger;
    this.deck = deck;
    this.pause = pause;
    this.permitted = permitted;
  }

  void start() {
    pause.join();
    Thread thread = new Thread(this, site + " mischief");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (pause.pass()) {
        FaultKind kind = deck.deal();
        if (permitted.test(kind)) {
          inject(kind);
          TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(2_000, 5_000));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pause.leave();
    }
  }

  private void inject(FaultKind kind) throws InterruptedException {
    int round = rounds.merge(kind, 1, Integer::sum) - 1;
    if (kind.isBreaking()) {
      site.outages().begin();
    }
    try {
      kind.inject(site, round);
      ledger.injected(kind);
    } catch (IOException | RuntimeException e) {
      ledger.violated(site + ", " + kind + ": " + e);
    } finally {
      if (kind.isBreaking()) {
        site.outages().end();
      }
    }
  }
}
