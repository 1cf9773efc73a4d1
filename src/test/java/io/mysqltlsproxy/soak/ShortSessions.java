package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import javax.net.ssl.SSLContext;

/** Comes again and again, and resumes its TLS session each time. */
final class ShortSessions extends RawActor {
  private final SSLContext tls;

  ShortSessions(Site site, Ledger ledger, Pause pause) {
    super("short sessions", site, ledger, pause);
    tls = ClientTls.of(site.certificates().authority().issueClient("CN=short", KeyType.EC));
  }

  @Override
  void act() throws IOException, WrongException, InterruptedException {
    for (int i = 0; i < 5; i++) {
      Outcome outcome =
          logIn(
              tls,
              "laura",
              client -> {
                did("logins");
                step("ping");
                client.send(0, Wire.of(0x0E).bytes());
                Packet answer = client.read();
                if (!answer.isOk()) {
                  throw outage(answer);
                }
                did("short sessions");
              });
      if (outcome != Outcome.ADMITTED) {
        throw new WrongException("rejected");
      }
    }
  }
}
