/** Sockets: transports, name lookups, connections to the server, PROXY headers. */
@NullMarked
package io.mysqltlsproxy.net;

import org.jspecify.annotations.NullMarked;
