package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.PacketStream;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slow side makes the other wait, fills no memory, and loses nothing. */
class BackPressureIT {
  private static final int CHUNK = 1_000_000;
  private static final long MAX_MEMORY = 64L << 20;
  private static final int TIMEOUT_SECONDS = 120;

  private ScriptedServer server = never();
  private RunningProxy proxy = proxy();

  @AfterEach
  void end() throws IOException {
    proxy.close();
    server.close();
    assertEquals(List.of(), proxy.complaints());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aResultOf300MbArrivesIntactThoughTheClientSleeps(boolean tls) throws Exception {
    serve(
        session -> {
          session.read();
          stream(session, 300);
          session.read();
          session.socket().close();
        });
    RawClient client = logIn(tls);
    long before = usedMemory();

    client.send(0, Wire.query("SELECT everything"));

    Thread.sleep(1_000);
    assertTrue(usedMemory() > 0, "no measure of the direct memory in use");
    assertTrue(usedMemory() - before < MAX_MEMORY, usedMemory() + " bytes");
    assertStream(client, 300, before);
    client.send(0, new byte[] {1});
    assertTrue(client.isAtEnd());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFileOf300MbArrivesIntactThoughTheServerSleeps(boolean tls) throws Exception {
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    AtomicLong before = new AtomicLong();
    serve(
        session -> {
          askForFile(session);
          sleep();
          try {
            assertStream(session, 300, 2, before.get());
            assertEquals(0, session.read().payload().length);
            arrived.complete(null);
          } catch (AssertionError e) {
            arrived.completeExceptionally(e);
          }
          session.send(303 & 0xFF, Wire.ok());
        });
    RawClient client = logIn(tls);
    before.set(usedMemory());
    sendFile(client, 300);
    client.send(302 & 0xFF, new byte[0]);

    arrived.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    assertTrue(client.read().isOk());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLostWhenTheServerClosesBehind50Mb(boolean tls) throws Exception {
    serve(
        session -> {
          session.read();
          stream(session, 50);
          session.socket().close();
        });
    RawClient client = logIn(tls);
    long before = usedMemory();

    client.send(0, Wire.query("SELECT much"));

    Thread.sleep(1_000);
    assertStream(client, 50, before);
    assertTrue(client.isAtEnd());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLostWhenTheClientClosesBehind50Mb(boolean tls) throws Exception {
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    serve(
        session -> {
          askForFile(session);
          sleep();
          try {
            assertStream(session, 50, 2, usedMemory());
            assertTrue(session.isAtEnd());
            arrived.complete(null);
          } catch (AssertionError | IOException e) {
            arrived.completeExceptionally(e);
          }
        });
    RawClient client = logIn(tls);
    sendFile(client, 50);
    client.close();

    arrived.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void aClientThatNeverReadsDoesNotKeepTheServersConnectionWhenItGoes() throws Exception {
    serve(
        session -> {
          session.read();
          stream(session, 300);
        });
    RawClient client = logIn(true);
    client.send(0, Wire.query("SELECT everything"));
    Thread.sleep(500);

    client.reset();

    assertTrue(server.session().isOver());
    Await.assertBecomes(0, proxy::connections);
  }

  private static void askForFile(PacketStream client) throws IOException {
    client.read();
    client.send(1, Wire.of(0xFB).text("file").bytes());
  }

  /** Without its end. */
  private static void sendFile(RawClient client, int packets) throws IOException {
    client.send(0, Wire.query("LOAD DATA LOCAL INFILE 'file'"));
    assertEquals(0xFB, client.read().first());
    stream(client, packets, 2);
  }

  private static void stream(PacketStream to, int packets) throws IOException {
    stream(to, packets, 1);
  }

  /** Packets of a million bytes each, every byte of which says where it stands. */
  private static void stream(PacketStream to, int packets, int firstId) throws IOException {
    for (int i = 0; i < packets; i++) {
      to.send((i + firstId) & 0xFF, chunk(i));
    }
  }

  private static void assertStream(PacketStream from, int packets, long memoryBefore)
      throws IOException {
    assertStream(from, packets, 1, memoryBefore);
  }

  private static void assertStream(PacketStream from, int packets, int firstId, long memoryBefore)
      throws IOException {
    for (int i = 0; i < packets; i++) {
      PacketStream.Packet packet = from.read();
      assertEquals((i + firstId) & 0xFF, packet.sequenceId());
      assertTrue(Arrays.equals(chunk(i), packet.payload()), "packet " + i + " differs");
      assertTrue(usedMemory() - memoryBefore < MAX_MEMORY, usedMemory() + " bytes");
    }
  }

  private static byte[] chunk(int index) {
    byte[] bytes = new byte[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8) + index);
    }
    return bytes;
  }

  private static long usedMemory() {
    return PlatformDependent.usedDirectMemory();
  }

  private RawClient logIn(boolean tls) throws IOException {
    RawClient client = tls ? proxy.encrypt() : proxy.greet();
    client.send(tls ? 2 : 1, Wire.login("root"));
    assertTrue(client.read().isOk());
    return client;
  }

  /** After the login, does what the script says. */
  private void serve(ScriptedServer.Script script) throws IOException {
    proxy.close();
    server.close();
    server =
        ScriptedServer.start(
            ScriptedServer.admitting(
                session -> {
                  session.stopRecording();
                  script.play(session);
                }));
    proxy = proxy();
  }

  private static void sleep() throws IOException {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static ScriptedServer never() {
    try {
      return ScriptedServer.polite();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RunningProxy proxy() {
    return RunningProxy.before(server.address(), "require-secure-transport=OFF");
  }
}
