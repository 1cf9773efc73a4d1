package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.tls.ServerTls;
import java.time.Duration;

/**
 * What every connection needs to know.
 *
 * @param backend the server
 * @param plugins what authentication plugins need
 * @param tls makes the TLS side of a client's connection
 * @param rules who may come in
 * @param connectTimeout from accept to the end of the login
 * @param events are told what befalls it
 */
public record ConnectionSettings(
    Backend backend,
    PluginExchanges plugins,
    ServerTls tls,
    Rules rules,
    Duration connectTimeout,
    ConnectionEvents events) {}
