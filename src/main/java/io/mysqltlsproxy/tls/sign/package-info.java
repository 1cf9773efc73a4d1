/** Signatures of the server's key that BoringSSL does not make itself. */
@NullMarked
package io.mysqltlsproxy.tls.sign;

import org.jspecify.annotations.NullMarked;
