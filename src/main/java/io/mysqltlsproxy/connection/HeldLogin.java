package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.codec.WipedBuffers;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A login that waits before it goes to the server: a copy, wiped when nobody needs it any more. */
class HeldLogin implements PacketHandler.Receiver {
  private ByteBuf packet;

  /**
   * Holds a login.
   *
   * @param packet its payload, of which a copy is kept
   */
  HeldLogin(ByteBuf packet) {
    this.packet = Unpooled.copiedBuffer(packet);
  }

  /** What is done with a login. */
  interface Use {
    /**
     * Uses it.
     *
     * @param login valid during the call
     */
    void with(ByteBuf login);
  }

  /** The waiting is over: the login is wiped after this use. */
  final void use(Use use) {
    ByteBuf taken = packet;
    packet = Unpooled.EMPTY_BUFFER;
    try {
      use.with(taken);
    } finally {
      WipedBuffers.wipeAll(taken);
    }
  }

  /** Nothing is expected of the client meanwhile. */
  @Override
  public void receive(ByteBuf payload) throws MalformedPacketException {
    throw new MalformedPacketException("a packet while its login waits for the server");
  }

  @Override
  public final void end() {
    WipedBuffers.wipeAll(packet);
    packet = Unpooled.EMPTY_BUFFER;
  }
}
