/** From option values to a TLS engine; nothing of MySQL. */
@NullMarked
package io.mysqltlsproxy.tls;

import org.jspecify.annotations.NullMarked;
