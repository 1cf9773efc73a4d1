package io.mysqltlsproxy.account;

/**
 * Who asks to come in.
 *
 * @param user the account's name as the server will read it
 * @param host the client's address as MySQL prints it: {@code localhost} for a loopback address
 * @param usesPassword whether an authentication response came with the name
 */
public record Login(String user, String host, boolean usesPassword, Transport transport) {}
