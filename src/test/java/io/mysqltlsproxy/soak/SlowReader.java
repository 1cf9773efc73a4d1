package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.testing.ClientTls;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Reads a large result slowly, so that the proxy has to hold back the server. */
final class SlowReader extends RawActor {
  private int rows;

  SlowReader(Site site, Ledger ledger, Pause pause) {
    super("slow reader", site, ledger, pause);
  }

  @Override
  void act() throws IOException, WrongException, InterruptedException {
    Outcome outcome =
        logIn(
            ClientTls.NONE,
            "plain",
            client -> {
              did("logins");
              step("slow result");
              client.socket().setReceiveBufferSize(8192);
              readFacts(
                  client,
                  row -> {
                    if (++rows % 40 == 0) {
                      step("slow result");
                      TimeUnit.MILLISECONDS.sleep(60);
                    }
                  });
              did("slow results");
            });
    if (outcome != Outcome.ADMITTED) {
      throw new WrongException("rejected");
    }
  }
}
