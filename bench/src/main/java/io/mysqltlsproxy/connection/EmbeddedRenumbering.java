package io.mysqltlsproxy.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Optional;

/**
 * Both legs of a connection as they are during a login, over channels in memory: a packet of the
 * client's is cut, checked, and framed anew under the server's next sequence id.
 */
public final class EmbeddedRenumbering {
  private final EmbeddedChannel client = new EmbeddedChannel();
  private final EmbeddedChannel server = new EmbeddedChannel();
  private final Leg from =
      new Leg(client, new EndHandler(new Failing(), Side.CLIENT), Optional.empty());
  private final Leg to =
      new Leg(server, new EndHandler(new Failing(), Side.SERVER), Optional.empty());
  private final boolean wiped;

  /**
   * Builds it.
   *
   * @param wiped whether the packets may hold passwords, of which no copy may be left
   */
  public EmbeddedRenumbering(boolean wiped) {
    this.wiped = wiped;
    from.receive(this::send);
  }

  private void send(ByteBuf payload) {
    if (wiped) {
      to.sendAndWipe(payload.retain());
    } else {
      to.send(payload.retain());
    }
  }

  /**
   * Sends a packet through.
   *
   * @param packet header included
   * @return what the server gets
   */
  public ByteBuf relay(ByteBuf packet) {
    from.request();
    client.pipeline().fireChannelRead(packet).fireChannelReadComplete();
    return server.readOutbound();
  }

  public void close() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
  }
}
