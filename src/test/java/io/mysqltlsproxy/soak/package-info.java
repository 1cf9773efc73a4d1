/**
 * A long run with faults: real servers, drivers and proxies, mixed traffic whose data is checked,
 * and every few seconds something that breaks. {@code src/test/bin/soak} starts it.
 */
@NullMarked
package io.mysqltlsproxy.soak;

import org.jspecify.annotations.NullMarked;
