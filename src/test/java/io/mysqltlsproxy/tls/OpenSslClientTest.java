package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What OpenSSL's own client sees of a server. */
class OpenSslClientTest {
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @BeforeEach
  void thereIsOpenSsl() {
    assumeTrue(Files.isExecutable(OPENSSL));
  }

  @AfterEach
  void stop() throws Exception {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  @ParameterizedTest
  @EnumSource
  void itVerifiesAnEd25519Certificate(EngineChoice engine, @TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir, KeyType.ED25519);
    try (ServerTls server = tls.load(engine)) {
      String output = talk(tls, server);
      assertTrue(output.contains("Peer signature type: ed25519"), output);
      assertTrue(output.contains("Verify return code: 0 (ok)"), output);
    }
  }

  @Test
  void itGetsTheFirstOfTheProxysGroupsThatItOffers(@TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir).with("tls-groups", "X25519MLKEM768:secp384r1:prime256v1");
    try (ServerTls server = tls.load(EngineChoice.BORING_SSL)) {
      String output = talk(tls, server, "-groups", "X25519:P-256:P-384");
      assertTrue(output.contains("Server Temp Key: ECDH, secp384r1, 384 bits"), output);
    }
  }

  @ParameterizedTest
  @EnumSource
  void itResumesItsSession(EngineChoice engine, @TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir).withClientCa();
    tls.clientCa.issueClient("CN=laura", KeyType.EC).writeTo(dir, "client.pem", "client-key.pem");
    String session = dir.resolve("session.pem").toString();
    String[] certificate = {
      "-cert",
      dir.resolve("client.pem").toString(),
      "-key",
      dir.resolve("client-key.pem").toString()
    };
    try (ServerTls server = tls.load(engine)) {
      for (String version : List.of("-tls1_2", "-tls1_3")) {
        String first = talk(tls, server, with(certificate, version, "-sess_out", session));
        assertTrue(first.contains("New, TLSv1."), first);
        String second = talk(tls, server, with(certificate, version, "-sess_in", session));
        assertTrue(second.contains("Reused, TLSv1."), second);
        assertTrue(second.contains("resumed=true certificate=CN=laura"), second);
      }
    }
  }

  private static String[] with(String[] some, String... others) {
    List<String> all = new ArrayList<>(Arrays.asList(some));
    all.addAll(Arrays.asList(others));
    return all.toArray(String[]::new);
  }

  private String talk(TestTls tls, ServerTls server, String... arguments) throws Exception {
    Channel listener =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(server.newHandler(channel.alloc()), new Answer());
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    try {
      Path ca = tls.serverCa.issued().writeCertificate(tls.directory.resolve("server-ca.pem"));
      int port = ((InetSocketAddress) listener.localAddress()).getPort();
      List<String> command = new ArrayList<>();
      command.addAll(List.of(OPENSSL.toString(), "s_client", "-connect", "127.0.0.1:" + port));
      command.addAll(List.of("-CAfile", ca.toString()));
      command.addAll(Arrays.asList(arguments));
      return output(new ProcessBuilder(command).redirectErrorStream(true).start());
    } finally {
      listener.close().sync();
    }
  }

  /** Sends a line, and ends only after the answer: with it come the tickets of TLSv1.3. */
  private static String output(Process client) throws Exception {
    StringBuilder output = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      client.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().flush();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
        if (line.startsWith("resumed=")) {
          client.getOutputStream().close();
        }
      }
    } finally {
      client.destroy();
    }
    return output.toString();
  }

  /** Answers with what the handshake proved. */
  private static final class Answer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      TlsSession session = TlsSession.of(ctx.pipeline().get(SslHandler.class).engine());
      String text =
          "\nresumed=%s certificate=%s%n"
              .formatted(
                  session.resumed(),
                  session.clientCertificate().map(CertificateNames::subject).orElse("none"));
      var unused =
          ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
