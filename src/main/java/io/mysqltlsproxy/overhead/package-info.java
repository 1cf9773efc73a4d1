/** {@code overhead}: what encryption costs on this machine with this server. */
@NullMarked
package io.mysqltlsproxy.overhead;

import org.jspecify.annotations.NullMarked;
