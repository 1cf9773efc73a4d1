package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A polite server for each test, unless it wants another, and a proxy before it. */
abstract class WithScriptedServer {
  ScriptedServer server;
  RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedServer.polite();
    proxy = RunningProxy.before(server.address());
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
    server.close();
    assertEquals(List.of(), proxy.complaints());
  }

  /** Another server, with a new proxy before it. */
  final void serve(ScriptedServer.Script script, String... proxyOptions) throws IOException {
    server.close();
    server = ScriptedServer.start(script);
    restartProxy(proxyOptions);
  }

  /** The same server, with a new proxy before it. */
  final void restartProxy(String... options) {
    proxy.close();
    proxy = RunningProxy.before(server.address(), options);
  }
}
