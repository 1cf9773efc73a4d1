package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.pem.PemFile;
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
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void itsCertificateMayHaveAnEmptySubject(@TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir).withClientCa();
    String names = "email:laura@example.com";
    String[] certificate = issue(tls, "/", "ec -pkeyopt ec_paramgen_curve:P-256", names);
    try (ServerTls server = tls.load(EngineChoice.BORING_SSL)) {
      for (String version : List.of("-tls1_2", "-tls1_3")) {
        String output = talk(tls, server, with(certificate, version));
        assertTrue(output.contains("certificate=(no name)"), output);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"critical,email:laura@example.com", "email:laura@example.com"})
  void theJdkTakesAnEmptySubjectWhereCheckSaysSo(String names, @TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir).withClientCa();
    String[] certificate = issue(tls, "/", "ec -pkeyopt ec_paramgen_curve:P-256", names);
    Optional<String> problem =
        ClientKeys.problem(PemFile.read(dir.resolve("own.pem")).certificates(), EngineChoice.JDK);
    assertEquals(names.startsWith("critical"), problem.isEmpty());
    try (ServerTls server = tls.load(EngineChoice.JDK)) {
      for (String version : List.of("-tls1_2", "-tls1_3")) {
        String output = talk(tls, server, with(certificate, version));
        assertEquals(problem.isEmpty(), output.contains("certificate=(no name)"), output);
      }
    }
  }

  /** BoringSSL does not ask for such keys, and the client then has no certificate. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec -pkeyopt ec_paramgen_curve:P-521",
        "ed25519",
        "rsa-pss -pkeyopt rsa_keygen_bits:2048"
      })
  void itsRarerKeysAreTakenByTheJdkAlone(String key, @TempDir Path dir) throws Exception {
    TestTls tls = new TestTls(dir).withClientCa();
    String[] certificate = issue(tls, "/CN=laura", key, "email:laura@example.com");
    X509Certificate own = PemFile.read(dir.resolve("own.pem")).certificates().get(0);
    for (String version : List.of("-tls1_2", "-tls1_3")) {
      try (ServerTls server = tls.load(EngineChoice.JDK)) {
        String output = talk(tls, server, with(certificate, version));
        assertTrue(output.contains("certificate=CN=laura"), output);
      }
    }
    try (ServerTls server = tls.load(EngineChoice.BORING_SSL)) {
      String output = talk(tls, server, with(certificate, "-tls1_3"));
      assertTrue(output.contains("certificate=none"), output);
    }
    assertTrue(ClientKeys.problem(own.getPublicKey(), EngineChoice.BORING_SSL).isPresent());
    assertTrue(ClientKeys.problem(own.getPublicKey(), EngineChoice.JDK).isEmpty());
  }

  /** By the command openssl, as the JDK makes no certificate that it would not read. */
  private static String[] issue(TestTls tls, String subject, String key, String names)
      throws Exception {
    Path dir = tls.directory;
    tls.clientCa.issued().writeTo(dir, "signer.pem", "signer-key.pem");
    Files.writeString(dir.resolve("own.ext"), "subjectAltName=" + names + "\n");
    openssl(dir, "genpkey -algorithm " + key + " -out own-key.pem");
    openssl(dir, "req -new -key own-key.pem -subj " + subject + " -out own.csr");
    openssl(
        dir,
        "x509 -req -in own.csr -CA signer.pem -CAkey signer-key.pem -extfile own.ext -days 30"
            + " -out own.pem");
    return new String[] {
      "-cert", dir.resolve("own.pem").toString(), "-key", dir.resolve("own-key.pem").toString()
    };
  }

  private static void openssl(Path dir, String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process =
        new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
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
