package io.mysqltlsproxy.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.admin.Page.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admin port does with clients that are not as they should be. */
@Timeout(120)
class AdminServerTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int PIECES = 20_000;
  private static final String PIECE = "x".repeat(1000);
  private static final String END = " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

  private final List<Socket> open = new ArrayList<>();
  private final AtomicInteger pagesMade = new AtomicInteger();
  private final AtomicInteger piecesMade = new AtomicInteger();
  private final AdminServer server;

  AdminServerTest() throws BindException {
    server =
        AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(
                "/page",
                request -> Answer.text(200, "shown"),
                "/large",
                request -> {
                  pagesMade.incrementAndGet();
                  return Answer.text(200, "x".repeat(100_000));
                },
                "/long",
                request -> new Answer(200, "text/plain", "begin", pieces().iterator())),
            TIMEOUT);
  }

  private Stream<String> pieces() {
    return Stream.generate(() -> PIECE).limit(PIECES).peek(piece -> piecesMade.incrementAndGet());
  }

  @AfterEach
  void close() throws IOException {
    for (Socket each : open) {
      each.close();
    }
    server.close();
  }

  @Test
  void aHeadHasTheLengthButNotTheBody() throws IOException {
    assertTrue(answer("GET /page" + END).endsWith("\r\n\r\nshown\n"));

    String head = answer("HEAD /page" + END);

    assertTrue(head.startsWith("HTTP/1.1 200 ") && head.contains("content-length: 6\r\n"), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
  }

  @ParameterizedTest
  @CsvSource({
    "GET http://here:9307/page HTTP/1.1, 200",
    "GET HTTP://here/page?x=1 HTTP/1.1, 200",
    "GET http://here HTTP/1.1, 404",
    "GET //page HTTP/1.1, 404",
    "GET /page/../page HTTP/1.1, 404",
    "GET page HTTP/1.1, 404",
    "GET * HTTP/1.1, 404",
    "PRI * HTTP/2.0, 405",
    "GET /page HTTP/9.9, 200",
    "GET /page, 400",
    "GET, 400",
    "\u0016\u0003\u0001, 400",
  })
  void oddRequestLinesGetAnAnswerOfTheirOwn(String line, int status) throws IOException {
    String answer = answer(line + "\r\nHost: here\r\nConnection: close\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "'Transfer-Encoding: chunked', '3\\r\\nabc\\r\\n0\\r\\n\\r\\n', 200",
    "'Transfer-Encoding: chunked', 'xyz\\r\\n', 400",
    "'Transfer-Encoding: gzip', '', 400",
    "'Content-Length: 3\\r\\nContent-Length: 5', 'abcde', 400",
    "'Content-Length: -1', '', 400",
    "'Expect: 100-continue\\r\\nContent-Length: 5000', '', 413",
    "'Expect: something', '', 417",
    "'Upgrade: websocket\\r\\nConnection: upgrade', '', 200",
  })
  void oddBodiesAndHeadersGetAnAnswerOfTheirOwn(String headers, String body, int status)
      throws IOException {
    String plain = headers.replace("\\r\\n", "\r\n");
    String answer =
        answer(
            "GET /page HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
                + plain
                + "\r\n\r\n"
                + body.replace("\\r\\n", "\r\n"));

    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "/page, 127.0.0.1:9307, 200",
    "/page, [::1]:9307, 200",
    "/page, ::1, 421",
    "/page, localhost:9307, 200",
    "/page, here, 200",
    "/page, proxy.localhost:9307, 200",
    "/page, '', 200",
    "/page, evil.example.com, 421",
    "/page, evil.example.com:9307, 421",
    "/page, 127.0.0.1.example.com, 421",
    "/page, [evil.example.com], 421",
    "/page, here@evil.example.com, 421",
    "http://evil.example.com/page, 127.0.0.1, 421",
    "http://127.0.0.1:9307/page, 127.0.0.1:9307, 200",
    "http://127.0.0.1:9307/page, evil.example.com, 421",
    "/nothing, evil.example.com, 421",
  })
  void onLoopbackTheSiteOfSomebodyElseGetsNothing(String target, String host, int status)
      throws IOException {
    String answer =
        answer("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    assertEquals(status == 200, answer.contains("shown"));
  }

  @Test
  void aRequestHasOneHost() throws IOException {
    String answer = answer("GET /page HTTP/1.1\r\nHost: here\r\nHost: here\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"})
  void otherMethodsAreRefusedAndTheRightOnesNamed(String method) throws IOException {
    String answer = answer(method + " /page" + END);

    assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
    assertTrue(answer.contains("allow: GET, HEAD\r\n"), answer);
  }

  @Test
  void whatIsTooLongIsRefused() throws IOException {
    String longLine = answer("GET /page?" + "x".repeat(3000) + END);
    String longHeader = answer("GET /page HTTP/1.1\r\nX: " + "x".repeat(9000) + "\r\n\r\n");
    String longBody =
        answer("GET /page HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(5000));

    assertTrue(longLine.startsWith("HTTP/1.1 400 "), longLine);
    assertTrue(longHeader.startsWith("HTTP/1.1 400 "), longHeader);
    assertTrue(longBody.startsWith("HTTP/1.1 413 "), longBody);
  }

  @Test
  void whoDawdlesIsClosedAlsoWhenBytesTrickleIn() throws Exception {
    Socket silent = connect();
    Socket slow = connect();
    long begun = System.nanoTime();
    boolean ended = false;
    while (!ended && System.nanoTime() - begun < 10 * TIMEOUT.toNanos()) {
      Thread.sleep(200);
      try {
        slow.getOutputStream().write('G');
      } catch (SocketException closed) {
        ended = true;
      }
    }

    assertTrue(ended, "a byte now and then keeps a connection open");
    assertEquals(-1, silent.getInputStream().read());
  }

  @Test
  void thirtyTwoIdleConnectionsDoNotShutOutAProbeAndTheOldestMakesWay() throws Exception {
    Socket oldest = connect();
    for (int i = 1; i < 32; i++) {
      ask(connect());
    }
    ask(oldest);
    Socket idleLongest = open.get(1);

    String answer = answer("GET /page" + END);

    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    assertEquals(-1, readOrEnd(idleLongest));
    ask(oldest);
  }

  @Test
  void connectionsThatDoNotReadTheirAnswersDoNotShutOutAProbe() throws Exception {
    for (int i = 0; i < 40; i++) {
      floodUntilItWaits(connect(), 64);
    }

    String answer = answer("GET /page" + END);

    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      requests.append(i % 2 == 0 ? "GET /page" : "GET /none").append(" HTTP/1.1\r\n\r\n");
    }

    String answers = answer(requests + "HEAD /page" + END);

    List<String> statuses =
        answers
            .lines()
            .filter(line -> line.startsWith("HTTP/1.1 "))
            .map(s -> s.substring(9, 12))
            .toList();
    assertEquals(501, statuses.size());
    for (int i = 0; i < 500; i++) {
      assertEquals(i % 2 == 0 ? "200" : "404", statuses.get(i));
    }
  }

  @Test
  void answersThatNobodyReadsAreNotMade() throws Exception {
    Socket greedy = connect();
    greedy.setReceiveBufferSize(4096);

    long sent = floodUntilItWaits(greedy, 1 << 20);

    assertTrue(sent < 1 << 20, "all requests were taken though no answer was");
    assertTrue(pagesMade.get() < 200, pagesMade + " pages were made");
  }

  /** A long answer is made as it is taken: 32 of them at once take little memory. */
  @Test
  void longAnswersThatNobodyReadsAreNotMadeEither() throws Exception {
    for (int i = 0; i < 31; i++) {
      Socket greedy = connect();
      greedy.getOutputStream().write("GET /long HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    }
    int before = -1;
    while (before != piecesMade.get()) {
      before = piecesMade.get();
      Thread.sleep(300);
    }

    assertTrue(before < 31 * PIECES / 10, before + " pieces of 1,000 bytes were made");
    String answer = answer("GET /long" + END);
    assertTrue(answer.contains("transfer-encoding: chunked\r\n"), answer.substring(0, 500));
    assertTrue(answer.endsWith("\r\n0\r\n\r\n"), answer.substring(answer.length() - 500));
    String body = answer.substring(answer.indexOf("\r\n\r\n"));
    assertEquals((long) PIECES * PIECE.length(), body.chars().filter(c -> c == 'x').count());
  }

  @Test
  void aLongAnswerIsWholeForHttp10AndHasNoBodyForHead() throws Exception {
    String old = answer("GET /long HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    String head = answer("HEAD /long" + END);

    assertFalse(old.contains("transfer-encoding"), old.substring(0, 500));
    assertTrue(old.endsWith("\r\n\r\nbegin" + PIECE.repeat(PIECES)));
    assertTrue(head.startsWith("HTTP/1.1 200 ") && head.endsWith("\r\n\r\n"), head);
  }

  /**
   * Sends requests for a large page and reads nothing.
   *
   * @return how many were taken, when no more are
   */
  private static long floodUntilItWaits(Socket socket, int requests) throws Exception {
    byte[] request = "GET /large HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    AtomicLong sent = new AtomicLong();
    Thread flood =
        new Thread(
            () -> {
              try {
                while (sent.get() < requests) {
                  socket.getOutputStream().write(request);
                  sent.incrementAndGet();
                }
              } catch (IOException closed) {
                // It has been closed to make way.
              }
            });
    flood.setDaemon(true);
    flood.start();
    long before = -1;
    while (flood.isAlive() && before != sent.get()) {
      before = sent.get();
      flood.join(500);
    }
    return sent.get();
  }

  /** One request and its answer, on a connection that stays. */
  private static void ask(Socket socket) throws IOException {
    socket.getOutputStream().write("GET /page HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("shown\n") < 0) {
      int read = readOrEnd(socket);
      assertTrue(read >= 0, "closed after: " + answer);
      answer.append((char) read);
    }
  }

  /** A server that has not read all of a request closes with a reset, behind its answer. */
  private static int readOrEnd(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException reset) {
      return -1;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.setSoTimeout(60_000);
    open.add(socket);
    return socket;
  }

  private String answer(String request) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(answer);
    } catch (SocketException reset) {
      // It has not read all of the request, and closes with a reset behind its answer.
    }
    return answer.toString(StandardCharsets.UTF_8);
  }
}
