/** A certificate authority of one's own: its files, its revocation list, and how they are used. */
@NullMarked
package io.mysqltlsproxy.certs;

import org.jspecify.annotations.NullMarked;
