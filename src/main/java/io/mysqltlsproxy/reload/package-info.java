/** Reads the files again while the proxy runs: at SIGHUP, and when they change. */
@NullMarked
package io.mysqltlsproxy.reload;

import org.jspecify.annotations.NullMarked;
