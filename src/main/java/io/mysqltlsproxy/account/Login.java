package io.mysqltlsproxy.account;

import io.mysqltlsproxy.account.host.ClientHost;

/**
 * Who asks to come in.
 *
 * @param user the account's name as the server will read it
 * @param usesPassword whether an authentication response came with the name
 */
public record Login(String user, ClientHost host, boolean usesPassword, Transport transport) {}
