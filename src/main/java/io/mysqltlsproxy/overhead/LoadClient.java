package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.protocol.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One of a load's clients, which has always one thing going on until the clock ends it. */
final class LoadClient implements LoadConnection.Owner {
  /** Its buffers are the garbage collector's: a client's queries last as long as the client. */
  private static final ByteBufAllocator COLLECTED =
      new UnpooledByteBufAllocator(
          /* preferDirect= */ true, /* disableLeakDetector= */ true, /* tryNoCleaner= */ false);

  private final EventLoop loop;
  private final Target target;
  private final Account account;
  private final Workload workload;
  private final Clock clock;
  private final CountDownLatch prepared;
  private final CountDownLatch ended;
  private final List<ByteBuf> preparation;
  private final ByteBuf statement;
  private final Histogram nanos = new Histogram(3);
  private int preparationsDone;
  private long begun;
  private boolean isPrepared;
  private volatile @Nullable String failure;
  private @Nullable LoadConnection waiting;

  /**
   * A client.
   *
   * @param prepared counted down once, when it could begin or never will
   * @param ended counted down once, when it has ended
   */
  LoadClient(
      EventLoop loop,
      Target target,
      Account account,
      Workload workload,
      Clock clock,
      CountDownLatch prepared,
      CountDownLatch ended) {
    this.loop = loop;
    this.target = target;
    this.account = account;
    this.workload = workload;
    this.clock = clock;
    this.prepared = prepared;
    this.ended = ended;
    this.preparation = workload.preparation().stream().map(LoadClient::query).toList();
    this.statement = query(workload.statement());
  }

  /** Connects, and does what comes before the statement that counts. */
  void prepare() {
    LoadConnection.open(loop, target, account, this);
  }

  /** Begins; all clients of a load do at the same time. */
  void begin() {
    loop.execute(() -> withWaiting(this::start));
  }

  /** Ends it where it still waits for its beginning; the clock, over by now, ends the others. */
  void release() {
    loop.execute(() -> withWaiting(LoadConnection::close));
  }

  private void withWaiting(Consumer<LoadConnection> action) {
    LoadConnection connection = waiting;
    waiting = null;
    if (connection != null) {
      action.accept(connection);
    }
  }

  /** How long each counted thing took, in nanoseconds; to be read when the client has ended. */
  Histogram nanos() {
    return nanos;
  }

  /** Why it came to an end before its time; null where it did not. */
  @Nullable String failure() {
    return failure;
  }

  @Override
  public void ready(LoadConnection connection) {
    if (isPrepared) {
      connection.send(statement);
    } else {
      prepareNext(connection);
    }
  }

  @Override
  public void answered(LoadConnection connection) {
    if (!connection.error().isEmpty()) {
      connection.close();
      stop("the server answered: " + connection.error());
    } else if (!isPrepared) {
      preparationsDone++;
      prepareNext(connection);
    } else {
      count();
      next(connection);
    }
  }

  @Override
  public void failed(LoadConnection connection, String why) {
    stop(why);
  }

  /** A run may have failed and been left meanwhile, and nobody would begin or release this one. */
  private void prepareNext(LoadConnection connection) {
    if (clock.isOver()) {
      connection.close();
    } else if (preparationsDone < preparation.size()) {
      connection.send(preparation.get(preparationsDone));
    } else {
      isPrepared = true;
      waiting = connection;
      prepared.countDown();
    }
  }

  private void count() {
    if (clock.counts(begun)) {
      nanos.recordValue(System.nanoTime() - begun);
      clock.counted();
    }
  }

  private void next(LoadConnection connection) {
    if (clock.isOver()) {
      connection.close();
      ended.countDown();
    } else {
      start(connection);
    }
  }

  private void start(LoadConnection connection) {
    begun = System.nanoTime();
    if (workload.reconnects()) {
      connection.close();
      LoadConnection.open(loop, target, account, this);
    } else {
      connection.send(statement);
    }
  }

  private void stop(String why) {
    if (failure == null) {
      failure = why;
      ended.countDown();
      if (!isPrepared) {
        prepared.countDown();
      }
    }
  }

  /** A COM_QUERY of one packet. */
  private static ByteBuf query(String sql) {
    ByteBuf payload = Unpooled.buffer().writeByte(Command.COM_QUERY);
    payload.writeCharSequence(sql, StandardCharsets.UTF_8);
    return Unpooled.unreleasableBuffer(PacketHeader.frame(payload, 0, COLLECTED));
  }
}
