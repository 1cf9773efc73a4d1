/** Questions about TLS that clients ask, and the answers of the client's own connection. */
@NullMarked
package io.mysqltlsproxy.sslstatus;

import org.jspecify.annotations.NullMarked;
