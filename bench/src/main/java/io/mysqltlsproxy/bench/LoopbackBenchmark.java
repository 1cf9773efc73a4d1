package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.connection.ConnectionEvents;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.connection.SecurityPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A point select over loopback sockets, from one client, through the whole proxy, to a server that
 * does nothing but answer; client, proxy and server are one process.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LoopbackBenchmark {
  /** The way from the client to the server. */
  public enum Way {
    DIRECT,
    PLAIN_PROXY,
    TLS_PROXY
  }

  @Param public Way way;

  private PointSelectServer server;
  private SecurityPolicy policy;
  private Proxy proxy;
  private PointSelectClient client;

  @Setup
  public void connect() throws Exception {
    server = new PointSelectServer();
    InetSocketAddress address = server.address();
    if (way != Way.DIRECT) {
      address = startProxy();
    }
    client = PointSelectClient.login(address, way == Way.TLS_PROXY);
  }

  private InetSocketAddress startProxy() throws Exception {
    Map<String, String> options =
        Map.of(
            "backend",
            "127.0.0.1:" + server.address().getPort(),
            "require-secure-transport",
            "OFF");
    try (ProxyTls tls = ProxyTls.load(TlsLibrary.BORING_SSL, KeyKind.P256, options)) {
      policy = SecurityPolicy.load(tls.options());
      proxy =
          Proxy.start(
              ConnectionSettings.from(
                  tls.options(),
                  PluginExchanges.load(tls.options()),
                  () -> policy,
                  ConnectionEvents.NONE),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
    return proxy.address();
  }

  @Benchmark
  public void pointSelect() throws IOException {
    client.select();
  }

  @TearDown
  public void close() throws IOException {
    client.close();
    if (proxy != null) {
      proxy.close();
      policy.close();
    }
    server.close();
  }
}
