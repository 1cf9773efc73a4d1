package io.mysqltlsproxy.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What systemd hears, at an abstract socket as the user's manager has one. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the threads
class ServiceManagerTest {
  private static final String NAME = "mysql-tls-proxy-test-" + ProcessHandle.current().pid();

  private final EventLoopGroup group = Transports.best().newGroup(1);
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @AfterEach
  void end() {
    group.shutdownGracefully();
  }

  @Test
  void systemdIsToldOfStartReloadTakeoverAndStop() throws Exception {
    assumeTrue(Transports.best() == Transports.EPOLL, "there is no epoll");
    listen();

    try (ServiceManager manager = ServiceManager.at("@" + NAME)) {
      manager.ready();
      assertEquals("READY=1", next());

      long before = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
      manager.reloading();
      String[] reload = next().split("\nMONOTONIC_USEC=", -1);
      assertEquals("RELOADING=1", reload[0]);
      assertTrue(Long.parseLong(reload[1]) >= before);

      manager.handedOver(4711);
      assertEquals("MAINPID=4711", next());
      manager.stopping();
      assertEquals("STOPPING=1", next());
    }
  }

  @Test
  void withoutASocketNobodyIsTold() {
    try (ServiceManager manager = ServiceManager.at(null)) {
      manager.ready();
    }
    assertEquals(0, heard.size());
  }

  private String next() throws InterruptedException {
    return String.valueOf(heard.poll(1, TimeUnit.MINUTES));
  }

  private void listen() throws InterruptedException {
    new Bootstrap()
        .group(group)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                heard.add(packet.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress("\0" + NAME))
        .sync();
  }
}
