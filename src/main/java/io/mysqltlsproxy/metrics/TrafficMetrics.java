package io.mysqltlsproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mysqltlsproxy.connection.Side;
import io.mysqltlsproxy.connection.TrafficEvents;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts bytes, the time that TLS takes, and how long bytes stay in the proxy. */
public final class TrafficMetrics implements TrafficEvents {
  private final LongAdder fromClients;
  private final LongAdder fromServers;
  private final LongAdder toClients;
  private final LongAdder toServers;
  private final Map<TlsWork, LongAdder> worked = new EnumMap<>(TlsWork.class);
  private final Timer toServer;
  private final Timer toClient;

  /** Registers the meters. */
  public TrafficMetrics(MeterRegistry registry) {
    String received = "Bytes read from the sockets of a side, TLS overhead included";
    String sent = "Bytes written to the sockets of a side, TLS overhead included";
    fromClients = bytes("received", received, Side.CLIENT, registry);
    fromServers = bytes("received", received, Side.SERVER, registry);
    toClients = bytes("sent", sent, Side.CLIENT, registry);
    toServers = bytes("sent", sent, Side.SERVER, registry);
    for (TlsWork work : TlsWork.values()) {
      LongAdder nanos = new LongAdder();
      worked.put(work, nanos);
      FunctionCounter.builder(Names.PREFIX + "tls.work", nanos, each -> each.sum() / 1e9)
          .description(
              "Time in the TLS library, waiting not included; for encrypt and decrypt one"
                  + " random call in 16 is timed and counted 16 times")
          .baseUnit("seconds")
          .tag("operation", work.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    toServer = relay("to_server", registry);
    toClient = relay("to_client", registry);
  }

  private static LongAdder bytes(
      String name, String description, Side side, MeterRegistry registry) {
    LongAdder bytes = new LongAdder();
    FunctionCounter.builder(Names.PREFIX + name, bytes, LongAdder::sum)
        .description(description)
        .baseUnit("bytes")
        .tag("side", side.toString())
        .register(registry);
    return bytes;
  }

  private static Timer relay(String direction, MeterRegistry registry) {
    return Names.timer(
            "relay",
            "After login, time from reading one socket to writing the other; a"
                + " random sample of one read in 16")
        .tag("direction", direction)
        .register(registry);
  }

  @Override
  public void received(Side side, long bytes) {
    (side == Side.CLIENT ? fromClients : fromServers).add(bytes);
  }

  @Override
  public void sent(Side side, long bytes) {
    (side == Side.CLIENT ? toClients : toServers).add(bytes);
  }

  @Override
  public void worked(TlsWork work, long nanos) {
    LongAdder sum = worked.get(work);
    if (sum != null) {
      sum.add(nanos);
    }
  }

  @Override
  public void relayed(Side from, long nanos) {
    (from == Side.CLIENT ? toServer : toClient).record(nanos, TimeUnit.NANOSECONDS);
  }
}
