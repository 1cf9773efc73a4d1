/**
 * Whose certificate is trusted, and what it proves: CAs, paths, purposes, revocation.
 *
 * <p>A path is searched for here, by rules of OpenSSL's, and not by a library. The JDK's PKIX reads
 * neither the constraints of a root nor {@code nsCertType}, has other rules for names (a common
 * name always counts as a host's), and its builder checks signatures with keys that nobody has
 * proved; Bouncy Castle's builder shares the latter, and tries paths without a bound; BoringSSL's
 * own verification cannot be reached by way of netty-tcnative together with CRLs and with reasons
 * for a log. What they do well is used: Bouncy Castle parses, and checks signatures of EC keys in a
 * sixth of Java's time; the JDK checks those of RSA keys.
 *
 * <p>Rules that are not obvious are OpenSSL's, and a test compares the verdicts of both.
 */
@NullMarked
package io.mysqltlsproxy.tls.trust;

import org.jspecify.annotations.NullMarked;
