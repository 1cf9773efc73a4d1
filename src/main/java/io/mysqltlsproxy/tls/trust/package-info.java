/** Whose certificate is trusted, and what it proves: CAs, paths, purposes, revocation. */
@NullMarked
package io.mysqltlsproxy.tls.trust;

import org.jspecify.annotations.NullMarked;
