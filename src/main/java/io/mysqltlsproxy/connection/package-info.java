/**
 * The only place with channels, order and time: one handler per phase, one class that wires them.
 */
@NullMarked
package io.mysqltlsproxy.connection;

import org.jspecify.annotations.NullMarked;
