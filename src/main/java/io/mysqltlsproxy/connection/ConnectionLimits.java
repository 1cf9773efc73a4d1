package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.AddressShares.Network;
import io.mysqltlsproxy.log.LogThrottle;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.net.OpenFiles;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Phrases;
import io.netty.channel.Channel;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How many clients there may be at once, how many of them without a login, and how many of those
 * from one address. What is counted is what the server has to bear: a client's place is free again
 * once the connection to the server has ended too.
 */
public final class ConnectionLimits {
  /** How many clients that were turned away may take their time to read why, at once. */
  private static final int MAX_LINGERING = 64;

  private final int maxConnections;
  private final int maxUnauthenticated;
  private final OptionalLong fit;
  private final AddressShares shares;
  private final RefusalPace refusals = new RefusalPace(System::nanoTime);
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);
  private final LogThrottle strangers = new LogThrottle(System::nanoTime);
  private int connections;
  private int unauthenticated;
  private int lingering;

  /**
   * Limits; 0 stands for none.
   *
   * @param maxConnections with and without a login
   * @param maxUnauthenticated from accept to login
   * @param maxPerAddress the same from one address; 0 for its share
   * @param fit how many clients the limit of open files has room for
   */
  ConnectionLimits(
      int maxConnections, int maxUnauthenticated, int maxPerAddress, OptionalLong fit) {
    this.maxConnections = maxConnections;
    this.maxUnauthenticated = maxUnauthenticated;
    this.shares = new AddressShares(maxUnauthenticated, maxPerAddress);
    this.fit = fit;
  }

  /** As the options say, and the limit of open files. */
  public static ConnectionLimits from(OptionValues values) {
    return new ConnectionLimits(
        values.get(Options.MAX_CONNECTIONS),
        values.get(Options.MAX_UNAUTHENTICATED),
        values.get(Options.MAX_UNAUTHENTICATED_PER_ADDRESS),
        OpenFiles.clients());
  }

  /** How soon clients learn that their certificate is refused. */
  RefusalPace refusals() {
    return refusals;
  }

  /** What is wrong with the limits on this machine; empty where they can be reached. */
  public Optional<String> problem() {
    return fit.isPresent() && maxConnections > fit.getAsLong()
        ? Optional.of(
            "--max-connections="
                + maxConnections
                + " cannot be reached: it needs "
                + OpenFiles.needed(maxConnections)
                + " open files, and "
                + OpenFiles.hint()
                + "; "
                + "it allows "
                + Phrases.count(fit.getAsLong(), "client"))
        : Optional.empty();
  }

  /** All places are taken, or none is for this client. */
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
                      : "; and " + unsaid.getAsInt() + " more since the last such line"));
    }
  }

  /**
   * Takes a place, which is held for the client's leg.
   *
   * @throws Full where there is none; the message names the option
   */
  synchronized Permit take(ClientAddress client) throws Full {
    if (maxConnections > 0 && connections >= maxConnections) {
      throw full("connection limit reached (--max-connections=" + maxConnections + ")");
    }
    if (fit.isPresent() && connections >= fit.getAsLong()) {
      throw full(
          "the limit is " + Phrases.count(connections, "client") + ", because " + OpenFiles.hint());
    }
    if (maxUnauthenticated > 0 && unauthenticated >= maxUnauthenticated) {
      throw full(
          "limit of clients that are logging in reached (--max-unauthenticated="
              + maxUnauthenticated
              + ")");
    }
    List<Network> networks = networks(client);
    takeShare(client, networks, maxUnauthenticated - unauthenticated);
    connections++;
    unauthenticated++;
    return new Permit(networks);
  }

  private void takeShare(ClientAddress client, List<Network> networks, int free) throws Full {
    if (maxUnauthenticated > 0 && !shares.mayTake(networks, free)) {
      throw full(
          shares.held(networks)
              + " of --max-unauthenticated="
              + maxUnauthenticated
              + " on their way to a login"
              + (client.user().isPresent() ? " are its user's" : " are from its address")
              + ", and no more may be"
              + " (--max-unauthenticated-per-address)");
    }
    shares.take(networks);
  }

  /** None for a client that was gone before it could be asked for its address. */
  private static List<Network> networks(ClientAddress client) {
    if (client.user().isPresent()) {
      return List.of(AddressShares.of(client.user().getAsInt()));
    }
    return client
        .connection()
        .map(ends -> AddressShares.of(ends.source().getAddress()))
        .orElse(List.of());
  }

  private Full full(String message) {
    return new Full(message, throttle.pass());
  }

  /** A client of the Unix socket whose user may not connect. */
  Full stranger(String message) {
    return new Full(message, strangers.pass());
  }

  /** The process may open no more files: this client has to go. */
  Full outOfFiles() {
    return full("out of file descriptors; " + OpenFiles.hint());
  }

  /**
   * Whether a client without a place may take its time to read why it has none.
   *
   * @param client counts until it is closed
   */
  synchronized boolean mayLinger(Channel client) {
    if (lingering >= MAX_LINGERING) {
      return false;
    }
    lingering++;
    client.closeFuture().addListener(closed -> lingered());
    return true;
  }

  private synchronized void lingered() {
    lingering--;
  }

  /** How many clients without a place have yet to read why. */
  public synchronized int lingering() {
    return lingering;
  }

  /** One client's place: free when neither leg holds it any more. */
  final class Permit extends AbstractReferenceCounted {
    private List<Network> networks;
    private boolean waiting = true;

    private Permit(List<Network> networks) {
      this.networks = networks;
    }

    /**
     * The client turns out to have another address: its balancer said so.
     *
     * @throws Full where that address has its share; the place is held all the same
     */
    void moveTo(ClientAddress client) throws Full {
      synchronized (ConnectionLimits.this) {
        if (!waiting) {
          return;
        }
        shares.release(networks);
        networks = List.of();
        List<Network> now = networks(client);
        takeShare(client, now, maxUnauthenticated - unauthenticated + 1);
        networks = now;
      }
    }

    /** The client is logged in, and does not count as unauthenticated any more. */
    void loggedIn() {
      synchronized (ConnectionLimits.this) {
        if (waiting) {
          waiting = false;
          unauthenticated--;
          shares.release(networks);
        }
      }
    }

    /** Gives up one hold on it with the channel's end. */
    void releaseWith(Channel channel) {
      channel.closeFuture().addListener(closed -> release());
    }

    @Override
    protected void deallocate() {
      synchronized (ConnectionLimits.this) {
        loggedIn();
        connections--;
      }
    }

    @Override
    public ReferenceCounted touch(Object hint) {
      return this;
    }
  }
}
