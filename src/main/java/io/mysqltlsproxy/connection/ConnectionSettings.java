package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.ConnectOptions;
import io.mysqltlsproxy.option.Networks;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.option.ProxyProtocol;
import io.mysqltlsproxy.option.SocketUsers;
import io.mysqltlsproxy.sslstatus.HandshakeCounts;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What every connection needs to know.
 *
 * @param backend the server
 * @param plugins what authentication plugins need
 * @param policy gives what is in force at the moment
 * @param connectTimeout from accept to the end of the login
 * @param events called for what happens to it
 * @param limits how many there may be
 * @param serverVersion what the greeting says in place of the server's own
 * @param handshakes counts those of TLS
 * @param sslStatus whether the client's questions about TLS are answered
 * @param clientAttributes whether the server is told who each client is
 * @param balancers whose PROXY header is believed
 * @param backendProxyProtocol which header the server gets
 * @param server learns whether the server can be used
 * @param hostErrors what the server holds against this host
 * @param socketUsers who may connect, where clients connect by a Unix socket
 */
public record ConnectionSettings(
    Backend backend,
    PluginExchanges plugins,
    Supplier<SecurityPolicy> policy,
    Duration connectTimeout,
    ConnectionEvents events,
    ConnectionLimits limits,
    Optional<String> serverVersion,
    HandshakeCounts handshakes,
    boolean sslStatus,
    boolean clientAttributes,
    Networks balancers,
    ProxyProtocol backendProxyProtocol,
    ServerMonitor server,
    HostErrors hostErrors,
    SocketUsers socketUsers) {

  /** As the options say, with what was made from them before. */
  public static ConnectionSettings from(
      OptionValues values,
      PluginExchanges plugins,
      Supplier<SecurityPolicy> policy,
      ConnectionEvents events) {
    boolean connect = values.areOf(OptionSet.CONNECT);
    return new ConnectionSettings(
        values.get(Options.BACKEND),
        plugins,
        policy,
        values.get(Options.CONNECT_TIMEOUT),
        events,
        ConnectionLimits.from(values),
        values.get(Options.SERVER_VERSION),
        new HandshakeCounts(),
        !connect && values.get(Options.SSL_STATUS),
        !connect && values.get(Options.CLIENT_ATTRIBUTES),
        connect ? Networks.NONE : values.get(Options.PROXY_PROTOCOL_NETWORKS),
        connect ? ProxyProtocol.OFF : values.get(Options.BACKEND_PROXY_PROTOCOL),
        new ServerMonitor(values.get(Options.BACKEND), System::nanoTime),
        new HostErrors(!connect),
        connect ? values.get(ConnectOptions.SOCKET_USERS) : SocketUsers.EVERYONE);
  }
}
