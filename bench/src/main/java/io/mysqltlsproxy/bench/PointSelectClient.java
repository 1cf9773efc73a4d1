package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.PasswordlessLogin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;

/** Logs in over a blocking socket and asks for one row, again and again. */
final class PointSelectClient implements AutoCloseable {
  private static final int SSL_REQUEST = 32;

  private final byte[] select = ByteBufUtil.getBytes(CommandShape.select());
  private final byte[] answer = PointSelect.answer();
  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private PointSelectClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  static PointSelectClient login(InetSocketAddress address, boolean encrypted)
      throws IOException, GeneralSecurityException {
    Socket plain = new Socket(address.getAddress(), address.getPort());
    plain.setTcpNoDelay(true);
    Packets.read(new DataInputStream(plain.getInputStream()));
    byte[] login = login(encrypted);
    Socket socket = plain;
    if (encrypted) {
      plain.getOutputStream().write(Packets.framed(1, Arrays.copyOf(login, SSL_REQUEST)));
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      socket = context.getSocketFactory().createSocket(plain, "localhost", address.getPort(), true);
    }
    PointSelectClient client = new PointSelectClient(socket);
    client.out.write(Packets.framed(encrypted ? 2 : 1, login));
    byte[] ok = Packets.read(client.in);
    if (ok[0] != 0) {
      throw new IOException("no login: " + new String(ok, StandardCharsets.UTF_8));
    }
    return client;
  }

  private static byte[] login(boolean encrypted) {
    ByteBuf out = Unpooled.buffer();
    PasswordlessLogin.encode(out, "laura", Packets.CAPABILITIES, "");
    if (encrypted) {
      out.setIntLE(0, (int) Packets.CAPABILITIES.with(Capabilities.CLIENT_SSL).bits());
    }
    return ByteBufUtil.getBytes(out);
  }

  void select() throws IOException {
    out.write(select);
    in.readFully(answer);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
