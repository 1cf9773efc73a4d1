package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.net.Transports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The last packet of a leg whose peer has not yet read what came before. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
class LegTest {
  private static final int QUEUED = 8 << 20;
  private static final byte[] LAST = {(byte) 0xFF, 1, 2, 3};

  private final EventLoopGroup group = Transports.best().newGroup(1);
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private Channel listener;
  private Socket peer;
  private Channel channel;

  @BeforeEach
  void connect() throws Exception {
    listener =
        new ServerBootstrap()
            .group(group)
            .channel(
                Transports.best() == Transports.EPOLL
                    ? EpollServerSocketChannel.class
                    : NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.AUTO_CLOSE, false)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel each) {
                    accepted.add(each);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    InetSocketAddress address = (InetSocketAddress) listener.localAddress();
    peer = new Socket(address.getAddress(), address.getPort());
    channel = accepted.take();
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  @Test
  void whatIsQueuedGoesOutBeforeTheLastPacketAndNothingOfEitherIsCut() throws Exception {
    Leg leg = leg();
    onLoop(
        () -> {
          channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[QUEUED]), channel.voidPromise());
          leg.sendAndClose(Unpooled.wrappedBuffer(LAST));
        });
    // Longer than the time that is left to a peer for reading the last packet.
    TimeUnit.MILLISECONDS.sleep(2500);

    byte[] all = peer.getInputStream().readAllBytes();

    assertEquals(QUEUED + 4 + LAST.length, all.length);
    assertEquals(LAST[0], all[QUEUED + 4]);
  }

  @Test
  void aPeerThatGoesOnSendingLearnsTheEndAllTheSame() throws Exception {
    Leg leg = leg();
    Thread sender = new Thread(this::sendOn, "sender");
    sender.setDaemon(true);
    sender.start();
    onLoop(
        () -> {
          leg.send(Unpooled.wrappedBuffer(LAST));
          leg.finish();
        });
    TimeUnit.MILLISECONDS.sleep(500);

    InputStream in = peer.getInputStream();
    assertEquals(4 + LAST.length, in.readAllBytes().length);

    assertTrue(sender.isAlive(), "it was reset");
  }

  @Test
  void aPeerThatNeverClosesIsNotWaitedForEndlessly() throws Exception {
    Leg leg = leg();

    onLoop(() -> leg.sendAndClose(Unpooled.wrappedBuffer(LAST)));

    assertTrue(channel.closeFuture().await(30, TimeUnit.SECONDS));
  }

  private void sendOn() {
    try {
      while (true) {
        peer.getOutputStream().write(new byte[1 << 16]);
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (SocketException reset) {
      // Its end.
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Leg leg() throws Exception {
    return channel
        .eventLoop()
        .submit(() -> new Leg(channel, new EndHandler(new Nobody(), Side.CLIENT), Optional.empty()))
        .get();
  }

  private void onLoop(Runnable task) throws Exception {
    channel.eventLoop().submit(task).get();
  }

  private static final class Nobody implements EndHandler.Life {
    @Override
    public void ended(Side side) {}

    @Override
    public void failed(Side side, Throwable cause) {}
  }
}
