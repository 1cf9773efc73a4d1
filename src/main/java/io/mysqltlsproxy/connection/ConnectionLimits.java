package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.log.LogThrottle;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.netty.channel.Channel;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many clients there may be at once, and how many of them without a login. What is counted is
 * what the server has to bear: a client's place is free again once the connection to the server has
 * ended too.
 */
public final class ConnectionLimits {
  private final int mostConnections;
  private final int mostUnauthenticated;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger unauthenticated = new AtomicInteger();
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);

  /**
   * Limits; 0 stands for none.
   *
   * @param mostConnections with and without a login
   * @param mostUnauthenticated from accept to login
   */
  ConnectionLimits(int mostConnections, int mostUnauthenticated) {
    this.mostConnections = mostConnections;
    this.mostUnauthenticated = mostUnauthenticated;
  }

  /** As {@code max-connections} and {@code max-unauthenticated} say. */
  public static ConnectionLimits from(OptionValues values) {
    return new ConnectionLimits(
        values.get(Options.MAX_CONNECTIONS), values.get(Options.MAX_UNAUTHENTICATED));
  }

  /** All places are taken. */
  static final class Full extends Exception {
    private final OptionalInt unsaid;

    private Full(String message, OptionalInt unsaid) {
      super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
      this.unsaid = unsaid;
    }

    /** For the log; empty where it was said so lately that this time is only counted. */
    Optional<String> line() {
      return unsaid.isEmpty()
          ? Optional.empty()
          : Optional.of(
              getMessage()
                  + (unsaid.getAsInt() == 0
                      ? ""
                      : "; so were " + unsaid.getAsInt() + " others since this was last said"));
    }
  }

  /**
   * Takes a place, which is held for the client's leg.
   *
   * @throws Full where there is none; the message names the option
   */
  Permit take() throws Full {
    if (!take(connections, mostConnections)) {
      throw new Full("there are --max-connections=" + mostConnections, throttle.pass());
    }
    if (!take(unauthenticated, mostUnauthenticated)) {
      connections.decrementAndGet();
      throw new Full(
          "--max-unauthenticated=" + mostUnauthenticated + " are on their way to a login",
          throttle.pass());
    }
    return new Permit();
  }

  private static boolean take(AtomicInteger count, int most) {
    return most == 0
        ? count.incrementAndGet() > 0
        : count.getAndUpdate(taken -> Math.min(taken + 1, most)) < most;
  }

  /** One client's place: free when neither leg holds it any more. */
  final class Permit extends AbstractReferenceCounted {
    private final AtomicBoolean onTheWay = new AtomicBoolean(true);

    private Permit() {}

    /** The client is logged in, and does not count as unauthenticated any more. */
    void loggedIn() {
      if (onTheWay.getAndSet(false)) {
        unauthenticated.decrementAndGet();
      }
    }

    /** Gives up one hold on it with the channel's end. */
    void releaseWith(Channel channel) {
      channel.closeFuture().addListener(closed -> release());
    }

    @Override
    protected void deallocate() {
      loggedIn();
      connections.decrementAndGet();
    }

    @Override
    public ReferenceCounted touch(Object hint) {
      return this;
    }
  }
}
