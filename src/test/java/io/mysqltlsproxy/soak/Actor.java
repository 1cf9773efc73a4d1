package io.mysqltlsproxy.soak;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A client that has one session after the other, and checks all that it is told. */
abstract class Actor implements Runnable {
  /** Longer than a server stands still, and the timeouts of the proxy after that. */
  private static final long MAX_STEP_NANOS = Duration.ofSeconds(45).toNanos();

  private static final int REST_MILLIS = 300;

  /** What a server, or the proxy, says when it ends or cannot be reached; 0 where nobody says. */
  private static final Set<Integer> OUTAGE_CODES =
      Set.of(0, 1040, 1053, 1080, 1152, 1158, 1159, 1160, 1161, 1317, 1927);

  private final String name;
  private final Site site;
  private final Ledger ledger;
  private final Pause pause;
  private final Thread thread;
  private volatile long stepBegan = System.nanoTime();
  private volatile boolean busy;
  private volatile String step = "";

  /** What no fault explains. */
  static final class WrongException extends Exception {
    private static final long serialVersionUID = 1;

    WrongException(String message) {
      super(message);
    }
  }

  Actor(String name, Site site, Ledger ledger, Pause pause) {
    this.name = name;
    this.site = site;
    this.ledger = ledger;
    this.pause = pause;
    this.thread = new Thread(this, site + " " + name);
    thread.setDaemon(true);
  }

  /** One session, from the connection to its end. */
  abstract void act() throws IOException, SQLException, WrongException, InterruptedException;

  /** How an exception is counted; empty where no fault can be its cause. */
  abstract String explain(Exception e) throws WrongException;

  void start() {
    pause.join();
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (pause.pass()) {
        busy = true;
        session();
        busy = false;
        TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pause.leave();
    }
  }

  private void session() throws InterruptedException {
    long began = System.nanoTime();
    try {
      act();
    } catch (IOException | SQLException e) {
      failed(e, began);
    } catch (WrongException e) {
      ledger.violated(this + ", " + step + ": " + e.getMessage());
    } catch (RuntimeException e) {
      ledger.violated(this + ", " + step + ": " + e);
    }
  }

  private void failed(Exception e, long began) {
    try {
      String explanation = explain(e);
      if (site.outages().explain(began)) {
        ledger.failed(explanation);
      } else {
        ledger.violated(
            this
                + ", "
                + step
                + ": without a fault, after "
                + Duration.ofNanos(System.nanoTime() - began).toMillis()
                + " ms: "
                + explanation
                + ": "
                + e);
      }
    } catch (WrongException wrong) {
      ledger.violated(this + ", " + step + ": " + wrong.getMessage());
    }
  }

  /** Whether a fault can be why this error is sent. */
  static boolean isOfAnOutage(int code) {
    return OUTAGE_CODES.contains(code);
  }

  /** The next step of a session begins. */
  final void step(String next) {
    step = next;
    stepBegan = System.nanoTime();
  }

  /** A step has come to its end, and all was right. */
  final void did(String what) {
    ledger.did(what);
  }

  final Site site() {
    return site;
  }

  /** Tells where it is stuck, if it is. */
  final void checkProgress() {
    long seconds = Duration.ofNanos(System.nanoTime() - stepBegan).toSeconds();
    if (busy && System.nanoTime() - stepBegan > MAX_STEP_NANOS) {
      StringBuilder where = new StringBuilder();
      for (StackTraceElement element : thread.getStackTrace()) {
        where.append("\n    ").append(element);
      }
      ledger.violated(this + ", " + step + ": hangs for " + seconds + " s" + where);
    }
  }

  @Override
  public String toString() {
    return site + " " + name;
  }
}
