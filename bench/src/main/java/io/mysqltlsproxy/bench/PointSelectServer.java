package io.mysqltlsproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Speaks as MySQL 5.5 does, lets everybody in, and has the same answer to every command. */
final class PointSelectServer implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  PointSelectServer() throws IOException {
    thread(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "point-select-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        thread(() -> serve(client));
      }
    } catch (IOException e) {
      // The benchmark has ended.
    }
  }

  private static void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      out.write(greeting());
      Packets.read(in);
      out.write(Packets.framed(2, new byte[] {0, 0, 0, 2, 0, 0, 0}));
      byte[] answer = PointSelect.answer();
      while (true) {
        Packets.read(in);
        out.write(answer);
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static byte[] greeting() {
    ByteBuf out = Unpooled.buffer().writeByte(10);
    ByteBufUtil.writeAscii(out, "5.5.9");
    out.writeByte(0).writeIntLE(1);
    ByteBufUtil.writeAscii(out, "12345678");
    out.writeByte(0)
        .writeShortLE((int) Packets.CAPABILITIES.bits())
        .writeByte(33)
        .writeShortLE(2)
        .writeShortLE((int) (Packets.CAPABILITIES.bits() >> 16))
        .writeByte(21)
        .writeZero(10);
    ByteBufUtil.writeAscii(out, "123456789012");
    return Packets.framed(0, ByteBufUtil.getBytes(out.writeByte(0)));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
