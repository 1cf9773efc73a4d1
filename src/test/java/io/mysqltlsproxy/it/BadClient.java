package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Clients of a proxy that do what no client should, each in its way. */
public enum BadClient {
  VANISHES_BEFORE_THE_GREETING {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      RawClient.connect(proxy).reset();
    }
  },
  CLOSES_BEFORE_THE_GREETING {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      RawClient.connect(proxy).close();
    }
  },
  VANISHES_AT_THE_GREETING {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      RawClient.greeted(proxy).reset();
    }
  },
  SPEAKS_HTTP {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      try (RawClient client = RawClient.connect(proxy)) {
        client.sendRaw("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
        client.readToTheEnd(1000);
      }
    }
  },
  BEGINS_WITH_TLS {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      try (RawClient client = RawClient.connect(proxy)) {
        client.sendRaw(HELLO);
        client.readToTheEnd(1000);
      }
    }
  },
  COUNTS_ITS_PACKETS_WRONGLY {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      try (RawClient client = RawClient.greeted(proxy)) {
        client.send(7, Wire.sslRequest(Wire.USUAL));
        client.readToTheEnd(1000);
      }
    }
  },
  VANISHES_IN_ITS_CLIENT_HELLO {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      RawClient client = RawClient.greeted(proxy);
      client.send(1, Wire.sslRequest(Wire.USUAL));
      client.sendRaw(Arrays.copyOf(HELLO, HELLO.length / 2));
      client.reset();
    }
  },
  VANISHES_IN_THE_TLS_HANDSHAKE {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      RawClient client = RawClient.greeted(proxy);
      client.send(1, Wire.sslRequest(Wire.USUAL));
      client.sendRaw(HELLO);
      client.close();
    }
  },
  VANISHES_BEFORE_ITS_LOGIN {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      RawClient.encrypted(proxy, ClientTls.NONE).reset();
    }
  },
  SENDS_A_MALFORMED_LOGIN {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      try (RawClient client = RawClient.encrypted(proxy, ClientTls.NONE)) {
        client.send(2, new byte[] {1, 2, 3});
        client.readToTheEnd(1000);
      }
    }
  },
  VANISHES_BEHIND_ITS_LOGIN {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      RawClient client = RawClient.encrypted(proxy, ClientTls.NONE);
      client.send(2, Wire.login(Wire.USUAL, "app", new byte[0], "no_such_plugin"));
      client.reset();
    }
  },
  HAS_A_WRONG_PASSWORD {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      try (RawClient client = RawClient.encrypted(proxy, ClientTls.NONE)) {
        client.send(2, Wire.login(Wire.USUAL, "app", new byte[20], Wire.NATIVE));
        client.readToTheEnd(1000);
      }
    }
  },
  HAS_A_NAME_THAT_THE_SERVER_DOES_NOT_KNOW {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      try (RawClient client = RawClient.encrypted(proxy, ClientTls.NONE)) {
        client.send(2, Wire.login("nobody" + client.localPort()));
        client.readToTheEnd(1000);
      }
    }
  },
  VANISHES_IN_A_COMMAND {
    @Override
    public void play(InetSocketAddress proxy) throws IOException {
      RawClient client = RawClient.encrypted(proxy, ClientTls.NONE);
      client.send(2, Wire.login("app"));
      client.read();
      client.sendRaw(Wire.header(60, 0).text("half").bytes());
      client.reset();
    }
  };

  private static final byte[] HELLO = hello();

  /** Plays it to the end, which may be an exception where the proxy has no place for it. */
  public abstract void play(InetSocketAddress proxy) throws IOException;

  private static byte[] hello() {
    try {
      return RawClient.clientHello(ClientTls.NONE);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
