package io.mysqltlsproxy.overhead;

import static java.util.Objects.requireNonNull;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.auth.LoginDialogue;
import io.mysqltlsproxy.auth.LoginException;
import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.codec.ResponseTracker;
import io.mysqltlsproxy.net.Transports;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.OkPacket;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** A client's connection: logs in, then takes one statement after another. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class LoadConnection extends ChannelInboundHandlerAdapter {
  /** Whose connection it is; called on the connection's event loop. */
  interface Owner {
    /** The connection is logged in. */
    void ready(LoadConnection connection);

    /** The statement was answered, to the last byte. */
    void answered(LoadConnection connection);

    /** There is nothing more to come from this connection. */
    void failed(LoadConnection connection, String why);
  }

  private static final String FRAMES = "frames";
  private static final int MAX_LOGIN_PACKET_LENGTH = 1 << 16;
  private static final int CONNECT_MILLIS = 5000;
  private final Target target;
  private final Account account;
  private final Owner owner;
  private final ResponseTracker responses = new ResponseTracker(LoginDialogue.RESPONSES);
  private @Nullable Channel channel;
  private @Nullable LoginDialogue login;
  private int sequenceId;
  private boolean ready;
  private boolean over;

  private LoadConnection(Target target, Account account, Owner owner) {
    this.target = target;
    this.account = account;
    this.owner = owner;
  }

  /** Connects and logs in; the owner hears how it went. */
  static void open(EventLoop loop, Target target, Account account, Owner owner) {
    LoadConnection connection = new LoadConnection(target, account, owner);
    boolean unix =
        target.address() instanceof DomainSocketAddress
            || target.address() instanceof UnixDomainSocketAddress;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(unix ? Transports.best().unix() : Transports.best().tcp())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel made) {
                    made.pipeline().addLast(FRAMES, loginFrames()).addLast(connection);
                  }
                });
    if (!unix) {
      bootstrap.option(ChannelOption.TCP_NODELAY, true);
    }
    bootstrap
        .connect(target.address())
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                connection.fail(String.valueOf(connected.cause().getMessage()));
              }
            });
  }

  /** Sends a packet, header included, and hears from the server; the buffer stays the caller's. */
  void send(ByteBuf packet) {
    Channel open = requireNonNull(channel);
    int at = packet.readerIndex();
    responses.command(
        packet.getUnsignedByte(at + PacketHeader.LENGTH), packet.getUnsignedMediumLE(at));
    open.writeAndFlush(packet.retainedDuplicate(), open.voidPromise());
  }

  /** What the server's last answer was, where it was an error; else empty. */
  String error() {
    return responses.error();
  }

  /** Sends COM_QUIT and closes. */
  void close() {
    over = true;
    Channel open = requireNonNull(channel);
    ByteBuf quit = open.alloc().buffer(1).writeByte(Command.COM_QUIT);
    open.writeAndFlush(PacketHeader.frame(quit, 0, open.alloc()))
        .addListener(ChannelFutureListener.CLOSE);
  }

  /** Whole packets, from the sequence id on. */
  private static LengthFieldBasedFrameDecoder loginFrames() {
    return new LengthFieldBasedFrameDecoder(
        ByteOrder.LITTLE_ENDIAN, MAX_LOGIN_PACKET_LENGTH, 0, 3, 1, 3, true);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    ByteBuf data = (ByteBuf) message;
    try {
      if (ready) {
        answer(data);
      } else {
        sequenceId = data.readUnsignedByte();
        loginPacket(ctx, data);
      }
    } finally {
      data.release();
    }
  }

  private void answer(ByteBuf data) {
    responses.received(data);
    switch (responses.state()) {
      case ANSWERING -> {}
      case IDLE -> owner.answered(this);
      case FILE_WANTED -> fail("the server asks for a file, which is not sent");
      case UNKNOWN -> fail("the server's answer cannot be read: " + responses.problem());
    }
  }

  private void loginPacket(ChannelHandlerContext ctx, ByteBuf packet)
      throws LoginException, MalformedPacketException {
    LoginDialogue dialogue = login;
    if (ErrPacket.isAt(packet)) {
      throw LoginDialogue.refused(packet);
    }
    if (dialogue == null) {
      greeted(ctx, HandshakeV10.decode(packet));
    } else if (packet.getUnsignedByte(packet.readerIndex()) == OkPacket.HEADER) {
      ctx.pipeline().remove(FRAMES);
      ready = true;
      owner.ready(this);
    } else {
      ByteBuf answer = dialogue.answer(packet);
      if (answer != null) {
        reply(ctx, answer);
      }
    }
  }

  private void greeted(ChannelHandlerContext ctx, HandshakeV10 greeting) throws LoginException {
    LoginDialogue dialogue = new LoginDialogue(account, target.tls().isPresent(), greeting);
    login = dialogue;
    if (target.tls().isEmpty()) {
      reply(ctx, dialogue.response());
      return;
    }
    if (!greeting.capabilities().has(Capabilities.CLIENT_SSL)) {
      throw new LoginException(target.name() + " offers no TLS");
    }
    reply(ctx, dialogue.sslRequest());
    sequenceId++;
    ctx.pipeline().addFirst(newTls(ctx));
  }

  /** With the peer's name and port the engine looks for a session to resume, without not. */
  private SslHandler newTls(ChannelHandlerContext ctx) {
    var context = target.tls().orElseThrow();
    if (target.resumes() && target.address() instanceof InetSocketAddress peer) {
      return context.newHandler(ctx.alloc(), peer.getHostString(), peer.getPort());
    }
    return context.newHandler(ctx.alloc());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        reply(ctx, requireNonNull(login).response());
      } else {
        fail("TLS: " + handshake.cause().getMessage());
      }
    }
  }

  private void reply(ChannelHandlerContext ctx, ByteBuf payload) {
    ctx.writeAndFlush(PacketHeader.frame(payload, sequenceId + 1, ctx.alloc()), ctx.voidPromise());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail("the connection was closed");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(String.valueOf(cause.getMessage()));
    ctx.close();
  }

  private void fail(String why) {
    if (!over) {
      over = true;
      owner.failed(this, why);
    }
  }
}
