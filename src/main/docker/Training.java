import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Shows the program, while the image is built, what its days are like: clients with certificates
 * log in, ask something and leave. The server is played, too; it takes any login.
 *
 * <pre>
 * java Training.java server FILE             listens, and writes its port to the file
 * java Training.java clients PORT P12 COUNT  logs in that often, with the key in the file
 * </pre>
 */
final class Training {
  private static final int SSL = 0x800;

  /** CLIENT_LONG_PASSWORD, PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, TRANSACTIONS. */
  private static final int CAPABILITIES = 0x1 | 0x200 | 0x2000 | 0x8000 | 0x80000;

  private static final byte[] OK = {0, 0, 0, 2, 0, 0, 0};

  public static void main(String[] args) throws Exception {
    if (args[0].equals("server")) {
      serve(Path.of(args[1]));
    } else {
      SSLContext tls = tls(Path.of(args[2]));
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        logIn(Integer.parseInt(args[1]), tls);
      }
    }
  }

  private static void serve(Path file) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress())) {
      Files.writeString(file, listener.getLocalPort() + "\n");
      while (true) {
        Socket client = listener.accept();
        new Thread(() -> serve(client)).start();
      }
    }
  }

  private static void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      send(out, 0, greeting());
      receive(in);
      send(out, 2, OK);
      while (receive(in)[0] == 3) {
        send(out, 1, OK);
      }
    } catch (IOException clientIsGone) {
      return;
    }
  }

  private static byte[] greeting() {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(10);
    packet.writeBytes("8.0.40\0".getBytes(StandardCharsets.US_ASCII));
    packet.writeBytes(new byte[] {1, 0, 0, 0});
    packet.writeBytes("12345678\0".getBytes(StandardCharsets.US_ASCII));
    little(packet, CAPABILITIES, 2);
    packet.write(45);
    little(packet, 2, 2);
    little(packet, CAPABILITIES >>> 16, 2);
    packet.write(21);
    packet.writeBytes(new byte[10]);
    packet.writeBytes("123456789012\0mysql_native_password\0".getBytes(StandardCharsets.US_ASCII));
    return packet.toByteArray();
  }

  private static void logIn(int port, SSLContext tls) throws IOException {
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
      receive(plain.getInputStream());
      send(plain.getOutputStream(), 1, response().toByteArray());
      SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, "training", port, true);
      ByteArrayOutputStream login = response();
      login.writeBytes("training\0".getBytes(StandardCharsets.US_ASCII));
      login.write(20);
      login.writeBytes(new byte[20]);
      login.writeBytes("mysql_native_password\0".getBytes(StandardCharsets.US_ASCII));
      send(socket.getOutputStream(), 2, login.toByteArray());
      expectOk(receive(socket.getInputStream()));
      send(socket.getOutputStream(), 0, "\3SELECT 1".getBytes(StandardCharsets.US_ASCII));
      expectOk(receive(socket.getInputStream()));
      send(socket.getOutputStream(), 0, new byte[] {1});
    }
  }

  /** The beginning of a login, which alone is the SSLRequest. */
  private static ByteArrayOutputStream response() {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    little(packet, CAPABILITIES | SSL, 4);
    little(packet, 1 << 24, 4);
    packet.write(45);
    packet.writeBytes(new byte[23]);
    return packet;
  }

  private static void expectOk(byte[] answer) throws IOException {
    if (answer[0] != 0) {
      throw new IOException("no OK, but " + new String(answer, StandardCharsets.UTF_8));
    }
  }

  private static void little(ByteArrayOutputStream packet, int value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      packet.write(value >>> (8 * i));
    }
  }

  private static void send(OutputStream out, int sequenceId, byte[] payload) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    little(packet, payload.length, 3);
    packet.write(sequenceId);
    packet.writeBytes(payload);
    out.write(packet.toByteArray());
    out.flush();
  }

  private static byte[] receive(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int length = data.readUnsignedByte() | data.readUnsignedByte() << 8 | data.readUnsignedByte() << 16;
    data.readUnsignedByte();
    byte[] payload = new byte[length];
    data.readFully(payload);
    return payload;
  }

  /** Trusts every server: there is one. */
  private static SSLContext tls(Path file) throws Exception {
    char[] password = "training".toCharArray();
    KeyStore keys = KeyStore.getInstance(file.toFile(), password);
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, password);
    X509TrustManager all =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), new TrustManager[] {all}, null);
    return context;
  }
}
