package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.codec.WipedBuffers;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ComChangeUser;
import io.mysqltlsproxy.protocol.ConnectionAttributes;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Takes an admitted login, or change of user, to the server: with what the server is told about the
 * client, and when its turn has come.
 */
final class ServerLogin {
  private final ConnectionSettings settings;
  private final Lifecycle life;
  private final ServerLeg server;
  private final Admission admission;
  private final AuthenticationRelay.Outcome outcome;

  ServerLogin(
      ConnectionSettings settings,
      Lifecycle life,
      ServerLeg server,
      Admission admission,
      AuthenticationRelay.Outcome outcome) {
    this.settings = settings;
    this.life = life;
    this.server = server;
    this.admission = admission;
    this.outcome = outcome;
  }

  /**
   * Sends a login, with the client's attributes where the server is told them.
   *
   * @param packet its payload; valid during the call
   */
  void send(Authenticating phase, HandshakeResponse response, ByteBuf packet)
      throws MalformedPacketException {
    Optional<ConnectionAttributes> told = ClientAttributes.of(settings, life.peer(), phase);
    if (told.isEmpty()) {
      sendAsItIs(phase, response, packet);
      return;
    }
    ByteBuf described = response.withAttributes(packet, told.get(), server.leg().allocator());
    HandshakeResponse read = response.with(Capabilities.CLIENT_CONNECT_ATTRS);
    settings.hostErrors().logIn(server, new ClientsTurn(phase, read, described));
  }

  /** Sends a login as the client has sent it. */
  void sendAsItIs(Authenticating phase, HandshakeResponse response, ByteBuf packet) {
    settings.hostErrors().logIn(server, new ClientsTurn(phase, response, packet.copy()));
  }

  /**
   * Sends a change of user, with the client's attributes where the server is told them.
   *
   * @param packet its payload; valid during the call
   * @param rest what has come from the client behind it; valid during the call
   */
  void changeUser(Authenticating phase, ComChangeUser command, ByteBuf packet, ByteBuf rest)
      throws MalformedPacketException {
    AuthenticationRelay relay = relay(phase, command.authPluginName());
    Optional<ConnectionAttributes> told = ClientAttributes.of(settings, life.peer(), phase);
    if (told.isEmpty()) {
      relay.changeUser(command, packet, rest);
      return;
    }
    Session session = phase.session();
    ByteBuf described =
        command.withAttributes(
            packet,
            session.capabilities(),
            session.greeting(),
            told.get(),
            server.leg().allocator());
    try {
      relay.changeUser(command, described, rest);
    } finally {
      WipedBuffers.wipe(described);
    }
  }

  private AuthenticationRelay relay(Authenticating phase, String plugin) {
    return new AuthenticationRelay(
        phase, plugin, settings.plugins(), life.client(), server, outcome);
  }

  /** A login that the server may have to be spared for a moment; the client may leave meanwhile. */
  private final class ClientsTurn implements HostErrors.Turn {
    private final Authenticating phase;
    private final HandshakeResponse response;
    private final ByteBuf packet;

    ClientsTurn(Authenticating phase, HandshakeResponse response, ByteBuf packet) {
      this.phase = phase;
      this.response = response;
      this.packet = packet;
    }

    @Override
    public String user() {
      return phase.ruling().decision().login().user();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very phase, not one like it
    public boolean send(String user) {
      if (life.live().phase() != phase || !admission.isStillGood(phase)) {
        drop();
        return false;
      }
      try {
        relay(phase, response.authPluginName()).login(response, packet);
        // Nothing has gone to the server if the login itself was refused here.
        return server.owesAnswer();
      } finally {
        drop();
      }
    }

    @Override
    public boolean hasClient() {
      return true;
    }

    @Override
    public void drop() {
      WipedBuffers.wipeAll(packet);
    }
  }
}
