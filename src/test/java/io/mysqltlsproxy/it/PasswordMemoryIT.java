package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.ScriptedServer.Session;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A password leaves nothing behind in the memory of the proxy's process, however a login ends. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is read by /proc")
class PasswordMemoryIT {
  private static final String SHA2 = "caching_sha2_password";
  private static final String SHA256 = "sha256_password";
  private static final String CLEAR = "mysql_clear_password";

  /**
   * How a login goes on once the client has sent its password; the name is the user's, too, in the
   * 16 characters that a server of this version allows.
   */
  enum End {
    IN(SHA2) {
      @Override
      void play(Session session) throws IOException {
        assertEquals(2, session.read().first());
        session.send(4, Wire.rsaKey());
        session.read();
        session.send(6, Wire.ok());
        ScriptedServer.answerCommands(session);
      }
    },
    DENIED(SHA2) {
      @Override
      void play(Session session) throws IOException {
        session.read();
        session.send(4, Wire.rsaKey());
        session.read();
        session.send(6, Wire.err(1045, "28000", "Access denied"));
      }
    },
    NO_KEY(SHA2) {
      @Override
      void play(Session session) throws IOException {
        session.read();
        session.send(4, Wire.err(1045, "28000", "Access denied"));
      }
    },
    SERVER_GONE(SHA2) {
      @Override
      void play(Session session) throws IOException {
        session.read();
        session.close();
      }
    },
    CLIENT_GONE(SHA2) {
      @Override
      void play(Session session) throws IOException {
        session.read();
      }
    },
    IN_IN_CLEAR(CLEAR) {
      @Override
      void play(Session session) throws IOException {
        session.read();
        session.send(4, Wire.ok());
        ScriptedServer.answerCommands(session);
      }
    },
    LOGIN_SHA256(SHA256, Place.LOGIN) {
      @Override
      void play(Session session) throws IOException {
        session.send(2, Wire.rsaKey());
        session.read();
        session.send(4, Wire.ok());
        ScriptedServer.answerCommands(session);
      }
    },
    LOGIN_CLEAR(CLEAR, Place.LOGIN) {
      @Override
      void play(Session session) throws IOException {
        session.send(2, Wire.ok());
        ScriptedServer.answerCommands(session);
      }
    },
    CHANGE_CLEAR(CLEAR, Place.CHANGE_USER) {
      @Override
      void play(Session session) throws IOException {
        session.send(2, Wire.ok());
        session.read();
        session.send(1, Wire.ok());
        ScriptedServer.answerCommands(session);
      }
    },
    LOGIN_DENIED(CLEAR, Place.LOGIN) {
      @Override
      void play(Session session) throws IOException {
        session.send(2, Wire.err(1045, "28000", "Access denied"));
      }
    },
    /** By the rules. */
    LOGIN_REFUSED(CLEAR, Place.LOGIN) {
      @Override
      void play(Session session) {
        throw new IllegalStateException("it has come to the server");
      }
    },
    CHANGE_REFUSED(CLEAR, Place.CHANGE_USER, "nobody") {
      @Override
      void play(Session session) throws IOException {
        session.send(2, Wire.ok());
        ScriptedServer.answerCommands(session);
      }
    };

    /** Where the password comes from the client. */
    enum Place {
      ANSWER,
      LOGIN,
      CHANGE_USER
    }

    private final String plugin;

    /** The user that a change of user names. */
    private final String next;

    private final Place place;
    private final String password = name() + UUID.randomUUID();

    End(String plugin) {
      this(plugin, Place.ANSWER);
    }

    End(String plugin, Place place) {
      this(plugin, place, "other");
    }

    End(String plugin, Place place, String next) {
      this.next = next;
      this.plugin = plugin;
      this.place = place;
    }

    abstract void play(Session session) throws IOException;
  }

  @Test
  void noPasswordIsLeftInTheProxysMemoryHoweverItCame() throws Exception {
    assertEquals(Set.of(), ProcessMemory.leftEveryTime(PasswordMemoryIT::left));
  }

  private static Set<End> left() throws Exception {
    Path rules = Files.createTempFile("rules", ".sql");
    Files.writeString(
        rules, "ALTER USER LOGIN_REFUSED ACCOUNT LOCK; ALTER USER nobody ACCOUNT LOCK;");
    try (ScriptedServer server = ScriptedServer.start(PasswordMemoryIT::greet);
        ProxyProcess proxy =
            ProxyProcess.before(
                server.address(), "enable-cleartext-plugin=ON", "accounts=" + rules)) {
      proxy.ready();
      for (End end : End.values()) {
        try (RawClient client = logIn(proxy, end)) {
          if (end == End.CLIENT_GONE) {
            assertTrue(
                Await.until(() -> new ProcessMemory(proxy.pid()).contains(end.password)),
                "a search that finds nothing, ever");
          } else {
            client.read();
          }
        }
      }
      TimeUnit.SECONDS.sleep(1);
      return new ProcessMemory(proxy.pid()).holding(End.class, end -> end.password);
    }
  }

  private static void greet(Session session) throws IOException {
    session.send(0, Wire.greeting(Wire.USUAL, SHA2));
    byte[] login = session.read().payload();
    String text = new String(login, ISO_8859_1);
    for (End end : End.values()) {
      if (text.contains(end.name() + "\0")) {
        if (end.place != End.Place.ANSWER) {
          end.play(session);
          return;
        }
        session.send(
            2,
            end.plugin.equals(SHA2)
                ? Wire.of(1, 4).bytes()
                : Wire.authSwitchRequest(end.plugin, "Password: "));
        end.play(session);
        return;
      }
    }
    session.send(2, Wire.err(1045, "28000", "Access denied"));
  }

  /** Up to the password, which is sent. */
  private static RawClient logIn(ProxyProcess proxy, End end) throws IOException {
    RawClient client = RawClient.encrypted(proxy.ready(), ClientTls.NONE);
    byte[] password = (end.password + "\0").getBytes(US_ASCII);
    if (end.place == End.Place.LOGIN) {
      client.send(2, Wire.login(Wire.USUAL, end.name(), password, end.plugin));
      return client;
    }
    if (end.place == End.Place.CHANGE_USER) {
      client.send(2, Wire.login(Wire.USUAL, end.name(), new byte[0], Wire.NATIVE));
      client.read();
      client.send(0, Wire.changeUser(end.next, password, end.plugin));
      return client;
    }
    client.send(2, Wire.login(Wire.USUAL, end.name(), new byte[32], SHA2));
    client.read();
    client.send(4, (end.password + "\0").getBytes(US_ASCII));
    return client;
  }
}
