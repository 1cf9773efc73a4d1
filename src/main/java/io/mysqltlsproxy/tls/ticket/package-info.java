/** Keys of session tickets: the proxy's own, and those in a file. */
@NullMarked
package io.mysqltlsproxy.tls.ticket;

import org.jspecify.annotations.NullMarked;
