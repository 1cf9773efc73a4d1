package io.mysqltlsproxy.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whatever bytes a peer sends, a decoder makes a packet of them or refuses them by {@link
 * MalformedPacketException}, and what stands around them in the buffer makes no difference.
 *
 * <p>{@code mvn test} runs the inputs kept beside this class. {@code JAZZER_FUZZ=1 mvn test
 * -Dtest.jvm.args= -Dtest=DecodersFuzzTest#handshakeResponse} searches for more, one decoder at a
 * time.
 */
class DecodersFuzzTest {

  @FuzzTest
  void handshakeV10(byte[] data) {
    hold(
        data,
        payload -> {
          HandshakeV10 greeting = HandshakeV10.decode(payload);
          greeting.offerTls(payload, true);
          return greeting + " " + Arrays.toString(greeting.scramble());
        });
  }

  @FuzzTest
  void sslRequest(byte[] data) {
    hold(data, SslRequest::decode);
  }

  /** The first eight bytes are the flags of the SSLRequest, the others the login. */
  @FuzzTest
  void handshakeResponse(byte[] data) {
    Capabilities capabilities = capabilities(data);
    hold(
        behindCapabilities(data),
        payload -> {
          HandshakeResponse login = HandshakeResponse.decode(payload, capabilities);
          login.writeCapabilities(payload, false);
          login.authResponse(payload);
          return login;
        });
  }

  /** The first eight bytes are the capabilities, the others the command. */
  @FuzzTest
  void comChangeUser(byte[] data) {
    Capabilities capabilities = capabilities(data);
    hold(
        behindCapabilities(data),
        payload -> {
          ComChangeUser command = ComChangeUser.decode(payload, capabilities);
          command.withoutAuthResponse(payload, UnpooledByteBufAllocator.DEFAULT).release();
          return command;
        });
  }

  @FuzzTest
  void authSwitchRequest(byte[] data) {
    hold(data, AuthSwitchRequest::decode);
  }

  @FuzzTest
  void errPacket(byte[] data) {
    hold(data, ErrPacket::decode);
  }

  @FuzzTest
  void okPacket(byte[] data) {
    Capabilities capabilities = new Capabilities(Capabilities.CLIENT_SESSION_TRACK);
    hold(
        data,
        payload -> {
          ByteBuf kept =
              OkPacket.withoutRedirect(payload, capabilities, UnpooledByteBufAllocator.DEFAULT);
          byte[] bytes = new byte[kept.readableBytes()];
          kept.getBytes(kept.readerIndex(), bytes);
          kept.release();
          return Arrays.toString(bytes);
        });
  }

  /** Decodes the data alone and between other bytes, and compares. */
  private static void hold(byte[] data, Truncation.Decoder decoder) {
    ByteBuf between = Unpooled.buffer().writeBytes(new byte[] {1, 0, 2}).writeBytes(data);
    between.writeBytes(new byte[] {3, 0, 4}).setIndex(3, 3 + data.length);

    String alone = outcome(Unpooled.copiedBuffer(data), decoder);

    if (!alone.equals(outcome(between, decoder))) {
      throw new AssertionError("bytes around the packet were read");
    }
  }

  private static String outcome(ByteBuf payload, Truncation.Decoder decoder) {
    int start = payload.readerIndex();
    int end = payload.writerIndex();
    @Nullable String result;
    try {
      result = decoder.decode(payload).toString();
    } catch (MalformedPacketException e) {
      result = e.getMessage();
    }
    if (payload.readerIndex() != start || payload.writerIndex() != end || payload.refCnt() != 1) {
      throw new AssertionError("the payload is not as it was");
    }
    return String.valueOf(result);
  }

  private static Capabilities capabilities(byte[] data) {
    return new Capabilities(Unpooled.wrappedBuffer(Arrays.copyOf(data, 8)).readLongLE());
  }

  private static byte[] behindCapabilities(byte[] data) {
    return Arrays.copyOfRange(data, Math.min(8, data.length), data.length);
  }
}
