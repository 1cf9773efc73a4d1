package io.mysqltlsproxy.connection;

import static java.util.Objects.requireNonNull;

import io.mysqltlsproxy.codec.CommandFrames;
import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.connection.AuthenticationRelay.LoggedIn;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.sslstatus.SslStatusQuery;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Client to server, after the login: bytes as they come, but for a change of user, which is held
 * until the rules have spoken, and a question about TLS, which is looked at. Reading stops while
 * the server does not take them.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class CommandRelay extends ChannelInboundHandlerAdapter {

  /** Looks into the packets that the relay stops at. */
  interface Inspector {
    /** What becomes of a packet. */
    enum Verdict {
      /** It goes on to the server like everything else. */
      PASS,
      /** It does not, and the relay has ended. */
      TAKEN
    }

    /**
     * A packet that may be a COM_CHANGE_USER, or a question about TLS.
     *
     * @param payload whole; valid during the call
     * @param rest what has come behind it; valid during the call
     */
    Verdict inspect(ByteBuf payload, ByteBuf rest) throws MalformedPacketException;
  }

  private final Channel server;
  private final Turn turn;
  private final Inspector inspector;
  private final CommandFrames frames = new CommandFrames(SslStatusQuery.FILTER);
  private ByteBuf held = Unpooled.EMPTY_BUFFER;

  /**
   * A relay for a client that has logged in.
   *
   * @param who the proof of it: nothing is relayed for anybody else
   */
  CommandRelay(LoggedIn who, Channel server, Turn turn, Inspector inspector) {
    requireNonNull(who);
    this.server = server;
    this.turn = turn;
    this.inspector = inspector;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message)
      throws MalformedPacketException {
    ByteBuf data = (ByteBuf) message;
    if (held.isReadable()) {
      data = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, data);
      held = Unpooled.EMPTY_BUFFER;
    }
    int passing = frames.scan(data);
    if (passing == data.readableBytes()) {
      server.write(data, server.voidPromise());
    } else {
      relay(data, passing);
    }
    turn.clientSent(frames.betweenPackets());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    server.flush();
    if (!server.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    server.config().setAutoRead(ctx.channel().isWritable());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
  }

  /** The slow way: the data holds a packet that must be looked into, or too little to tell. */
  private void relay(ByteBuf data, int passing) throws MalformedPacketException {
    try {
      forward(data, passing);
      while (frames.stoppedAtCommand(data)) {
        int length = CommandFrames.commandLength(data);
        if (!isFileData()) {
          if (length > Leg.MAX_PACKET_LENGTH) {
            throw new MalformedPacketException("COM_CHANGE_USER: has " + length + " bytes");
          }
          if (data.readableBytes() < PacketHeader.LENGTH + length) {
            break;
          }
          if (inspect(data, length) == Inspector.Verdict.TAKEN) {
            return;
          }
        }
        frames.pass(data);
        forward(data, frames.scan(data));
      }
      if (data.isReadable()) {
        held = data.readRetainedSlice(data.readableBytes());
      }
    } finally {
      data.release();
    }
  }

  /** A server that has answered reads no more of a file. */
  private boolean isFileData() {
    return frames.mayBeFileData() && !turn.serverHasAnswered();
  }

  private Inspector.Verdict inspect(ByteBuf data, int length) throws MalformedPacketException {
    int start = data.readerIndex() + PacketHeader.LENGTH;
    ByteBuf payload = data.slice(start, length);
    ByteBuf rest = data.slice(start + length, data.writerIndex() - start - length);
    return inspector.inspect(payload, rest);
  }

  private void forward(ByteBuf data, int count) {
    if (count > 0) {
      server.write(data.readRetainedSlice(count), server.voidPromise());
    }
  }
}
