package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.admin.Page.Answer;
import io.mysqltlsproxy.admin.Page.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a GET or HEAD to the page of its path: one at a time, in the order in which they came. The
 * next is read when the client has taken the answer to the one before, so that a client which does
 * not read its answers gets no more of them.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger("admin");

  /** A target may be a whole URL: RFC 9112, section 3.2.2. */
  private static final Pattern AUTHORITY = Pattern.compile("^(?i:http)://([^/?]*)");

  private final Map<String, Page> pages;
  private final boolean loopback;
  private final Runnable served;
  private final Queue<FullHttpRequest> waiting = new ArrayDeque<>();
  private boolean busy;

  /**
   * A handler for one connection.
   *
   * @param loopback whether the port is for this machine only
   * @param served runs when a request has come
   */
  AdminHandler(Map<String, Page> pages, boolean loopback, Runnable served) {
    this.pages = new TreeMap<>(pages);
    this.loopback = loopback;
    this.served = served;
  }

  /** Whether the client has an answer to come, or to take. */
  boolean isBusy() {
    return busy;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
    if (ctx.isRemoved()) {
      return; // closed meanwhile: nobody would release what is kept
    }
    if (busy) {
      // What one read has brought, and no more: see the length of a read.
      waiting.add(message.retain());
    } else {
      serve(ctx, message);
    }
  }

  private void next(ChannelHandlerContext ctx) {
    if (ctx.isRemoved()) {
      return;
    }
    FullHttpRequest message = waiting.poll();
    if (message == null) {
      busy = false;
      ctx.read();
      return;
    }
    try {
      serve(ctx, message);
    } finally {
      message.release();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    waiting.forEach(FullHttpRequest::release);
    waiting.clear();
  }

  private void serve(ChannelHandlerContext ctx, FullHttpRequest message) {
    busy = true;
    served.run();
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    if (message.decoderResult().isFailure()) {
      send(ctx, message, Answer.text(400, "a bad or too long request"), false);
      return;
    }
    if (!isHead(message) && !message.method().equals(HttpMethod.GET)) {
      send(ctx, message, Answer.text(405, "only GET and HEAD"), false);
      return;
    }
    if (message.headers().getAll(HttpHeaderNames.HOST).size() > 1) {
      send(ctx, message, Answer.text(400, "more than one Host"), false);
      return;
    }
    if (loopback && !isForThisMachine(message)) {
      Answer elsewhere =
          Answer.text(421, "this port is for this machine only: ask for 127.0.0.1 or localhost");
      send(ctx, message, elsewhere, false);
      return;
    }
    String target = AUTHORITY.matcher(message.uri()).replaceFirst("");
    int mark = target.indexOf('?');
    Page page = pages.get(mark < 0 ? target : target.substring(0, mark));
    if (page == null) {
      Answer none = Answer.text(404, "here are " + String.join(", ", pages.keySet()));
      send(ctx, message, none, keepAlive);
      return;
    }
    Request request =
        new Request(
            mark < 0 ? "" : target.substring(mark + 1),
            Objects.requireNonNullElse(message.headers().get(HttpHeaderNames.ACCEPT), ""));
    send(ctx, message, answer(page, request, target), keepAlive);
  }

  private static boolean isForThisMachine(FullHttpRequest message) {
    Matcher url = AUTHORITY.matcher(message.uri());
    String host = message.headers().get(HttpHeaderNames.HOST, "");
    return OwnNames.include(host) && (!url.find() || OwnNames.include(url.group(1)));
  }

  private static Answer answer(Page page, Request request, String target) {
    try {
      return page.answer(request);
    } catch (RuntimeException e) {
      log.error("the page {} failed", target, e);
      return Answer.text(500, "failed; see the log");
    }
  }

  private static boolean isHead(FullHttpRequest message) {
    return message.method().equals(HttpMethod.HEAD);
  }

  private void send(
      ChannelHandlerContext ctx, FullHttpRequest message, Answer answer, boolean mayStay) {
    boolean unbounded = answer.rest().hasNext();
    // Before HTTP/1.1 only the end of the connection ends a body whose length is not known.
    boolean chunked = unbounded && message.protocolVersion().isKeepAliveDefault();
    boolean keepAlive = mayStay && unbounded == chunked;
    (unbounded
            ? writeInPieces(ctx, answer, isHead(message), keepAlive, chunked)
            : writeWhole(ctx, answer, isHead(message), keepAlive))
        .addListener(
            written -> {
              if (written.cause() instanceof RuntimeException e) {
                log.error("the page {} failed", message.uri(), e);
              }
              if (keepAlive && written.isSuccess()) {
                ctx.executor().execute(() -> next(ctx));
              } else {
                ctx.close();
              }
            });
  }

  private static ChannelFuture writeWhole(
      ChannelHandlerContext ctx, Answer answer, boolean head, boolean keepAlive) {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    ByteBuf content = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
    HttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(answer), content);
    setHeaders(response, answer, keepAlive);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return ctx.writeAndFlush(response);
  }

  private static ChannelFuture writeInPieces(
      ChannelHandlerContext ctx, Answer answer, boolean head, boolean keepAlive, boolean chunked) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(answer));
    setHeaders(response, answer, keepAlive);
    HttpUtil.setTransferEncodingChunked(response, chunked);
    ctx.write(response);
    return ctx.writeAndFlush(
        head ? LastHttpContent.EMPTY_LAST_CONTENT : new HttpChunkedInput(new BodyPieces(answer)));
  }

  private static HttpResponseStatus status(Answer answer) {
    return HttpResponseStatus.valueOf(answer.status());
  }

  private static void setHeaders(HttpResponse response, Answer answer, boolean keepAlive) {
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("X-Content-Type-Options", "nosniff")
        .set(
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    if (answer.status() == 405) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    HttpUtil.setKeepAlive(response, keepAlive);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("closed: {}", String.valueOf(cause.getMessage()));
    ctx.close();
  }
}
