package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.sslstatus.ResultSetRewriter;
import io.mysqltlsproxy.sslstatus.SslStatus;
import io.mysqltlsproxy.sslstatus.SslStatusQuery;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Queries that may ask for TLS: the server answers, and the answer is made true on its way. */
record TlsQuestions(ConnectionSettings settings, ServerLeg server) {

  /**
   * Looks at a query that goes to the server now.
   *
   * @param packet COM_QUERY
   */
  void asked(Session session, ByteBuf packet) {
    Optional<ServerTls> own = settings.policy().get().towardsClients();
    if (!settings.sslStatus() || own.isEmpty()) {
      return;
    }
    SslStatusQuery.decode(packet, session.speaks(Capabilities.CLIENT_QUERY_ATTRIBUTES))
        .ifPresent(question -> filterAnswer(session, own.get().facts(), question));
  }

  private void filterAnswer(Session session, TlsFacts facts, SslStatusQuery question) {
    SslStatus status = new SslStatus(settings.handshakes(), facts);
    server
        .leg()
        .filter(
            new ResultSetRewriter(
                session.speaks(Capabilities.CLIENT_DEPRECATE_EOF),
                answer -> status.rows(question, session.transport(), session.resumed(), answer)));
  }
}
