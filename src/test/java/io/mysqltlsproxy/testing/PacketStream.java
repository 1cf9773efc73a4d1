package io.mysqltlsproxy.testing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/** MySQL packets over one side of a socket. */
public class PacketStream implements AutoCloseable {

  /** One packet as it came. */
  public record Packet(int sequenceId, byte[] payload) {
    /** The first byte of the payload, -1 where it is empty. */
    public int first() {
      return payload.length == 0 ? -1 : payload[0] & 0xFF;
    }

    public boolean isOk() {
      return first() == 0;
    }

    /** The number of an ERR packet, -1 of another. */
    public int errorCode() {
      return first() == 0xFF ? (payload[1] & 0xFF) | ((payload[2] & 0xFF) << 8) : -1;
    }

    /** What follows the number of an ERR packet: {@code #28000Access denied …}. */
    public String errorText() {
      return new String(payload, 3, payload.length - 3, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return errorCode() < 0
          ? "packet " + sequenceId + " of " + payload.length + " bytes, first " + first()
          : "packet " + sequenceId + ": ERR " + errorCode() + " " + errorText();
    }
  }

  private Socket socket;
  private DataInputStream in;

  PacketStream(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  public Socket socket() {
    return socket;
  }

  /** Goes on over another socket: the same connection with TLS, or with a recorder. */
  final void replace(Socket with, InputStream input) {
    socket = with;
    in = new DataInputStream(input);
  }

  /** The next packet. */
  public Packet read() throws IOException {
    int length =
        in.readUnsignedByte() | (in.readUnsignedByte() << 8) | (in.readUnsignedByte() << 16);
    int sequenceId = in.readUnsignedByte();
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Packet(sequenceId, payload);
  }

  /** Reads so many bytes. */
  public byte[] read(int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** Reads until the peer closes, and says how much came: at most {@code limit} bytes. */
  public int readToTheEnd(int limit) throws IOException {
    try {
      return in.readNBytes(limit).length;
    } catch (SocketException | SSLException | EOFException e) {
      return 0;
    }
  }

  /** Whether the peer has closed, which is waited for; false where a byte comes instead. */
  public boolean isAtEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException | SSLException e) {
      return true;
    }
  }

  public void send(int sequenceId, byte[] payload) throws IOException {
    sendRaw(Wire.packet(sequenceId, payload));
  }

  /** Writes bytes in one segment, as far as that is in our hands. */
  public void sendRaw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
