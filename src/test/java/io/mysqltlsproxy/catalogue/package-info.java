/** Every failure that the troubleshooting page names, made with real clients; writes a page. */
@NullMarked
package io.mysqltlsproxy.catalogue;

import org.jspecify.annotations.NullMarked;
