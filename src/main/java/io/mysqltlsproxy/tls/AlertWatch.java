package io.mysqltlsproxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Before the TLS handler during the handshake, to see alerts that come unencrypted. A client that
 * rejects the server's certificate in TLS 1.3 should encrypt its alert; OpenSSL does not, and the
 * engines then fail for an undecipherable record, and never name the alert. Clients that close
 * without a word are told from those that have begun.
 *
 * <p>Layout of such a record: content type 21; version 2; length 2, which is 2; level 1; the
 * alert's number 1. An encrypted alert is longer in TLS 1.2, and has another type in TLS 1.3. All
 * bytes pass as they are.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-5.1">RFC 8446, section 5.1</a>
 */
public final class AlertWatch extends ChannelInboundHandlerAdapter {
  private static final int HEADER_LENGTH = 5;
  private static final int ALERT_TYPE = 21;
  private static final int ALERT_LENGTH = 2;

  private final byte[] record = new byte[HEADER_LENGTH + ALERT_LENGTH];
  private int known;
  private int skipping;
  private boolean begun;
  private Optional<Alert> received = Optional.empty();

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf data = (ByteBuf) message;
    begun = true;
    int end = data.writerIndex();
    for (int at = data.readerIndex(); at < end; ) {
      if (skipping > 0) {
        int skipped = Math.min(skipping, end - at);
        skipping -= skipped;
        at += skipped;
      } else {
        record[known++] = data.getByte(at++);
        recordGrew();
      }
    }
    ctx.fireChannelRead(message);
  }

  private void recordGrew() {
    if (known < HEADER_LENGTH) {
      return;
    }
    int length = ((record[3] & 0xFF) << 8) | (record[4] & 0xFF);
    if (record[0] != ALERT_TYPE || length != ALERT_LENGTH) {
      skipping = length;
      known = 0;
    } else if (known == record.length) {
      known = 0;
      // A warning may come first, and the alert that ends the handshake after it.
      received = Alert.of(record[HEADER_LENGTH + 1] & 0xFF).or(() -> received);
    }
  }

  /** Why a handshake with a server failed: by its alert where one came, else as the engine says. */
  public Throwable explainServer(Throwable cause) {
    return received.<Throwable>map(alert -> new ReceivedAlertException(alert, cause)).orElse(cause);
  }

  /** Why a handshake failed: by the client's alert where one came, else as the engine says. */
  public Throwable explain(Throwable cause) {
    if (received.isPresent()) {
      return explainServer(cause);
    }
    boolean leftAtOnce = !begun && cause instanceof ClosedChannelException;
    return leftAtOnce ? new SSLException(HandshakeFailures.NOT_BEGUN) : cause;
  }
}
