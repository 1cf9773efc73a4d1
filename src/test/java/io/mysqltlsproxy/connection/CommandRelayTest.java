package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.connection.CommandRelay.Inspector.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandRelayTest {

  @Test
  void buffersThatEndWithAPacketThatPassesAreReleased() throws Exception {
    EmbeddedChannel server = new EmbeddedChannel();
    Commands phase = new Commands(LoggedInClient.logIn());
    EmbeddedChannel client =
        new EmbeddedChannel(
            new CommandRelay(
                phase.who(),
                server,
                phase.frames(),
                phase.responses(),
                (packet, rest) -> Verdict.PASS));
    List<ByteBuf> received = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ByteBuf data =
          PooledByteBufAllocator.DEFAULT.buffer().writeBytes(new byte[] {1, 0, 0, 0, 0x11});
      received.add(data);
      client.writeInbound(data);
    }
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();

    received.forEach(data -> assertEquals(0, data.refCnt()));
  }
}
