package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A polite server for each test, unless it wants another, and a proxy before it. */
public abstract class WithScriptedServer {
  protected ScriptedServer server;
  protected RunningProxy proxy;

  @BeforeEach
  protected void start() throws IOException {
    server = ScriptedServer.polite();
    proxy = RunningProxy.before(server.address());
  }

  @AfterEach
  protected void end() throws IOException {
    proxy.closeClients();
    proxy.close();
    server.close();
    assertEquals(List.of(), proxy.complaints());
  }

  /** Another server, with a new proxy before it. */
  protected final void serve(ScriptedServer.Script script, String... proxyOptions)
      throws IOException {
    server.close();
    server = ScriptedServer.start(script);
    restartProxy(proxyOptions);
  }

  /** The same server, with a new proxy before it. */
  protected final void restartProxy(String... options) {
    proxy.close();
    proxy = RunningProxy.before(server.address(), options);
  }
}
