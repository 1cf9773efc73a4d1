/** Real clients, through the proxy, to real servers. */
@NullMarked
package io.mysqltlsproxy.it;

import org.jspecify.annotations.NullMarked;
