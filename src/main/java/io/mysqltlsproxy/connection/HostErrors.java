package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.WaitingLogins.Waiting;
import io.mysqltlsproxy.net.Guard;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What the server holds against the proxy's host. MySQL 5.5 counts the login of a user that it does
 * not know as a failed handshake, and blocks the host after {@code max_connect_errors} of them. It
 * forgets them all when a login arrives over a connection that was made after the first of them,
 * whoever logs in (measured on 5.5.9).
 *
 * <p>So a handshake whose client is gone is completed as a user that the server knows. Users that
 * it has not just been seen to know log in one at a time, up to its first answer; that tells. After
 * each that it rejects, a login of the proxy's own makes it forget. As long as it knows nobody, it
 * is left with one error: then every new connection makes it forget by itself.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
public final class HostErrors {
  private static final int RETRY_SECONDS = 1;
  private static final int QUIET_MILLIS = 500;

  /**
   * From when a connection was asked for. A server waits for ten seconds for a login, and counts
   * what has not come by then: one that comes at the last moment costs no more than one that came
   * out of turn.
   */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(8);

  /** A login that is ready to be sent. */
  interface Turn {
    /** As whom it is, if it is sent now. */
    String user();

    /** Sends it, on the leg's event loop; false where it is no longer wanted, and dropped. */
    boolean send(String user);

    /** The server has closed the connection meanwhile. */
    void drop();

    /** Whether there is a client that can be told that it took too long. */
    boolean hasClient();
  }

  private final boolean namesUsers;
  private final WaitingLogins waiting = new WaitingLogins();
  private final KnownUsers known = new KnownUsers();
  private final Queue<Runnable> connects = new ArrayDeque<>();

  private OwnLogin.Opener opener = OwnLogin.Opener.NONE;
  private boolean busy;
  private boolean fragile;
  private boolean owed;
  private long owedSince;

  /**
   * The server holds nothing yet.
   *
   * @param namesUsers whether the proxy may give users' names: not where they would cross a network
   *     that nothing crosses unencrypted
   */
  HostErrors(boolean namesUsers) {
    this.namesUsers = namesUsers;
  }

  /** How connections of the proxy's own are made. */
  synchronized void openWith(OwnLogin.Opener own) {
    opener = own;
  }

  /** Whether the server counts logins of unknown users against this host. */
  boolean areCounted(HandshakeV10 greeting, SocketAddress server) {
    return namesUsers
        && server instanceof InetSocketAddress address
        && !address.getAddress().isLoopbackAddress()
        && greeting.version().countsUnknownUsers();
  }

  /** As whom a handshake is completed whose client is gone. */
  synchronized String farewellName() {
    return known.latest();
  }

  /** Sends a login now, or when it can do no harm; called on the leg's event loop. */
  void logIn(ServerLeg leg, Turn turn) {
    if (!leg.isCounted()) {
      turn.send(turn.user());
      return;
    }
    synchronized (this) {
      if (!known.isFresh(turn.user())) {
        queue(new Waiting(leg, turn));
        return;
      }
    }
    send(leg, turn, rejected -> {});
  }

  private void queue(Waiting one) {
    waiting.add(one);
    if (!one.turn().hasClient()) {
      long left = one.leg().openedAt() + MAX_WAIT_NANOS - System.nanoTime();
      one.leg().loop().schedule(() -> waitNoLonger(one), left, TimeUnit.NANOSECONDS);
    }
    next(one.leg().loop());
  }

  private void waitNoLonger(Waiting one) {
    synchronized (this) {
      if (!waiting.remove(one)) {
        return;
      }
    }
    send(one.leg(), one.turn(), rejected -> {});
  }

  /** Opens a connection now, or when the server holds no more errors than it may. */
  void connect(EventLoop loop, Runnable connect) {
    synchronized (this) {
      if (fragile) {
        connects.add(() -> loop.execute(connect));
        return;
      }
    }
    connect.run();
  }

  /** Goes on with what is to be done, if nothing is under way. */
  private synchronized void next(EventLoop loop) {
    if (busy) {
      return;
    }
    if (owed && !known.isEmpty()) {
      busy = true;
      opener.open(loop, own -> forget(loop, own));
      return;
    }
    waiting.next().ifPresent(this::begin);
  }

  private void begin(Waiting first) {
    busy = true;
    EventLoop its = first.leg().loop();
    if (owed && !isHarmless(first)) {
      opener.open(
          its,
          own -> {
            setFragile(own.isPresent());
            execute(first, () -> sendWhenQuiet(first, own, QUIET_MILLIS));
          });
    } else {
      execute(first, () -> send(first, Optional.empty()));
    }
  }

  /** Does it on the leg's event loop; a failure is the leg's. */
  private static void execute(Waiting one, Runnable task) {
    one.leg().loop().execute(Guard.task(one.leg().leg().channel(), task));
  }

  private void sendWhenQuiet(Waiting first, Optional<OwnLogin> own, int millisLeft) {
    if (own.isPresent() && opener.isConnecting() && millisLeft > 0) {
      first
          .leg()
          .loop()
          .schedule(() -> sendWhenQuiet(first, own, millisLeft - 1), 1, TimeUnit.MILLISECONDS);
    } else {
      send(first, own);
    }
  }

  /** Sends a login whose turn it is, and then the one that makes the server forget. */
  private void send(Waiting first, Optional<OwnLogin> own) {
    EventLoop loop = first.leg().loop();
    Runnable after = () -> own.ifPresentOrElse(each -> forget(loop, own), () -> done(loop));
    boolean sent = false;
    try {
      sent = send(first.leg(), first.turn(), rejected -> after.run());
    } finally {
      if (!sent) {
        after.run();
      }
    }
  }

  /** Sends a login, and learns from the first answer whether the server knows its user. */
  private boolean send(ServerLeg leg, Turn turn, Consumer<Boolean> answered) {
    if (!leg.leg().channel().isActive()) {
      turn.drop();
      return false;
    }
    String user = turn.user();
    FirstAnswer answer =
        FirstAnswer.of(
            leg.leg().channel(),
            rejected -> {
              learn(user, rejected);
              answered.accept(rejected);
              next(leg.loop());
            });
    boolean sent = false;
    try {
      sent = turn.send(user);
    } finally {
      if (!sent) {
        answer.cancel();
      }
    }
    return sent;
  }

  private synchronized void learn(String user, boolean rejected) {
    if (!rejected) {
      known.saw(user);
      return;
    }
    if (!owed) {
      owed = true;
      owedSince = System.nanoTime();
    }
    known.suspect(user);
  }

  private void forget(EventLoop loop, Optional<OwnLogin> own) {
    if (own.isEmpty()) {
      logInInstead(loop);
      return;
    }
    String user = suspectOrLatest();
    own.get()
        .logIn(
            user,
            rejected -> {
              forgot(user, rejected);
              done(loop);
            });
  }

  /**
   * The server has no room for the proxy's own login, perhaps since those that wait for it fill it:
   * one of them goes on, if it does no harm.
   */
  private synchronized void logInInstead(EventLoop loop) {
    waiting
        .first(this::isHarmless)
        .ifPresentOrElse(
            one -> execute(one, () -> send(one, Optional.empty())),
            () -> loop.schedule(() -> done(loop), RETRY_SECONDS, TimeUnit.SECONDS));
  }

  /** Whether its login makes the server forget, or is that of a user whom it knew. */
  private boolean isHarmless(Waiting one) {
    return one.leg().openedAt() - owedSince > 0 || known.isTrusted(one.turn().user());
  }

  private synchronized String suspectOrLatest() {
    return known.suspectOrLatest();
  }

  private synchronized void forgot(String user, boolean rejected) {
    known.told(user, rejected);
    owed = rejected;
    if (rejected) {
      owedSince = System.nanoTime();
    }
  }

  /** Two errors are one too many for some servers, as long as they last. */
  private synchronized void setFragile(boolean now) {
    fragile = now;
    while (!fragile && !connects.isEmpty()) {
      connects.remove().run();
    }
  }

  private void done(EventLoop loop) {
    setFragile(false);
    synchronized (this) {
      busy = false;
    }
    next(loop);
  }
}
