/**
 * The specification in Java: packets as records that decode and encode; no handlers, no logging.
 */
@NullMarked
package io.mysqltlsproxy.protocol;

import org.jspecify.annotations.NullMarked;
