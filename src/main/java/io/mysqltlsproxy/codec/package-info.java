/** Framing: packet boundaries and sequence ids. */
@NullMarked
package io.mysqltlsproxy.codec;

import org.jspecify.annotations.NullMarked;
