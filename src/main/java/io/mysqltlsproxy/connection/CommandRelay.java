package io.mysqltlsproxy.connection;

import static java.util.Objects.requireNonNull;

import io.mysqltlsproxy.codec.CommandFrames;
import io.mysqltlsproxy.codec.PacketFormatException;
import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.codec.ResponseTracker;
import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.codec.WipedBuffers;
import io.mysqltlsproxy.connection.AuthenticationRelay.LoggedIn;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Client to server, after the login: bytes as they come, but for a change of user, which is held
 * until the server has answered everything before it and the rules have spoken, and a question
 * about TLS, which is looked at in its turn. Reading stops while the server does not take the bytes
 * or they must wait for it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class CommandRelay extends ChannelInboundHandlerAdapter {

  /** Looks into the commands that the relay stops at, once the server owes no answer. */
  interface Inspector {
    /** What becomes of a command. */
    enum Verdict {
      /** It goes on to the server like everything else. */
      PASS,
      /** It does not, and the relay has ended. */
      TAKEN
    }

    /**
     * A COM_CHANGE_USER, or a query that may be about TLS.
     *
     * @param payload whole; valid during the call
     * @param rest what has come behind it; valid during the call
     */
    Verdict inspect(ByteBuf payload, ByteBuf rest) throws MalformedPacketException;
  }

  private final Channel server;
  private final CommandFrames frames;
  private final ResponseTracker responses;
  private final Inspector inspector;
  private @Nullable ChannelHandlerContext context;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean waitsForServer;

  /**
   * A relay for a client that has logged in.
   *
   * @param who the proof of it: nothing is relayed for anybody else
   * @param frames tell the responses of each command
   */
  CommandRelay(
      LoggedIn who,
      Channel server,
      CommandFrames frames,
      ResponseTracker responses,
      Inspector inspector) {
    requireNonNull(who);
    this.server = server;
    this.frames = frames;
    this.responses = responses;
    this.inspector = inspector;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    ByteBuf data = (ByteBuf) message;
    if (held.isReadable()) {
      data = WipedBuffers.join(ctx.alloc(), held, data);
      held = Unpooled.EMPTY_BUFFER;
    }
    relay(data);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    server.flush();
    if (!server.isWritable() || waitsForServer) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    server.config().setAutoRead(ctx.channel().isWritable());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    context = null;
    WipedBuffers.wipe(held);
    held = Unpooled.EMPTY_BUFFER;
  }

  /** The server has sent something: what waits for that may go now. */
  void serverSaidMore() {
    if (!waitsForServer || context == null) {
      return;
    }
    ByteBuf data = held;
    held = Unpooled.EMPTY_BUFFER;
    try {
      relay(data);
    } catch (MalformedPacketException | PacketFormatException e) {
      context.fireExceptionCaught(e);
    }
    server.flush();
    serverTakesMoreOrLess();
  }

  /** Reads on where the server takes what is read. */
  void serverTakesMoreOrLess() {
    if (context != null) {
      context.channel().config().setAutoRead(server.isWritable() && !waitsForServer);
    }
  }

  private void relay(ByteBuf data) throws MalformedPacketException, PacketFormatException {
    waitsForServer = false;
    boolean gone = false;
    try {
      int passing = frames.scan(data);
      gone = passing == data.readableBytes();
      if (gone) {
        server.write(data, server.voidPromise());
      } else {
        relay(data, passing);
      }
    } finally {
      if (!gone) {
        data.release();
      }
    }
  }

  /** The slow way: the data holds a command to look into, too little to tell, or must wait. */
  private void relay(ByteBuf data, int passing)
      throws MalformedPacketException, PacketFormatException {
    forward(data, passing);
    waitsForServer = frames.waitsForServer();
    while (frames.stoppedAtCommand(data)) {
      int length = CommandFrames.commandLength(data);
      if (length > Leg.MAX_PACKET_LENGTH) {
        throw new MalformedPacketException("COM_CHANGE_USER: has " + length + " bytes");
      }
      if (data.readableBytes() < PacketHeader.LENGTH + length) {
        break;
      }
      if (responses.state() == State.ANSWERING) {
        waitsForServer = true;
        break;
      }
      if (inspect(data, length) == Inspector.Verdict.TAKEN) {
        return;
      }
      frames.pass(data);
      forward(data, frames.scan(data));
      waitsForServer = frames.waitsForServer();
    }
    if (data.isReadable()) {
      held = data.readRetainedSlice(data.readableBytes());
    }
  }

  private Inspector.Verdict inspect(ByteBuf data, int length) throws MalformedPacketException {
    int start = data.readerIndex() + PacketHeader.LENGTH;
    ByteBuf payload = data.slice(start, length);
    ByteBuf rest = data.slice(start + length, data.writerIndex() - start - length);
    Inspector.Verdict verdict = Inspector.Verdict.TAKEN;
    try {
      verdict = inspector.inspect(payload, rest);
      return verdict;
    } finally {
      if (verdict == Inspector.Verdict.TAKEN) {
        // It may have held a password, and nobody needs the bytes any more.
        payload.setZero(0, length);
      }
    }
  }

  private void forward(ByteBuf data, int count) {
    if (count > 0) {
      server.write(data.readRetainedSlice(count), server.voidPromise());
    }
  }
}
