/** {@code bin/demo}: the product in front of a real server, shown in a minute. */
@NullMarked
package io.mysqltlsproxy.demo;

import org.jspecify.annotations.NullMarked;
