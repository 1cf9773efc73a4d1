/**
 * Connections, from accept to close: the only place with channels, order and time.
 *
 * <p>A tour, in the order of a connection:
 *
 * <ol>
 *   <li>{@link Proxy} listens. {@link ConnectionAcceptor} takes a permit from {@link
 *       ConnectionLimits}, reads a PROXY header and connects to the server by {@link ServerDoor}.
 *   <li>{@link Connection} has a method for each step from there on, and {@link ClientPhase} a type
 *       for each phase, with what has been proven by then.
 *   <li>{@link ClientEncryption} is the TLS handshake with the client.
 *   <li>{@link Admission} asks the rules about the login. What they admit is a {@link Ruling}.
 *   <li>{@link ServerEncryption} is the TLS handshake with the server, which only {@code connect}
 *       has.
 *   <li>{@link ServerLogin} sends the login to the server with {@link ClientAttributes}, when
 *       {@link HostErrors} lets it. {@link AuthenticationRelay} relays the authentication until the
 *       server says OK.
 *   <li>{@link CommandRelay} and {@link ResponseRelay} pass bytes. {@link TlsQuestions} sees to the
 *       answers about TLS. A change of user leads back to the rules.
 * </ol>
 *
 * <p>Each side is a {@link Leg}, the only class that edits a pipeline. {@link ServerLeg} also knows
 * the {@link ServerState}, and {@link Farewell} leaves the server in any of them without harm.
 *
 * <p>{@link Lifecycle} ends a connection. {@link Failures} has what the log and the client are
 * told, and {@link CloseReason} what is counted.
 *
 * <p>Others see a {@link LiveConnection}. {@link ReadmissionCheck} closes those that a reload no
 * longer admits, and {@link Drain} waits for those that are left at the end.
 */
@NullMarked
package io.mysqltlsproxy.connection;

import org.jspecify.annotations.NullMarked;
