/** Observers that count and measure, and the page that Prometheus reads. They decide nothing. */
@NullMarked
package io.mysqltlsproxy.metrics;

import org.jspecify.annotations.NullMarked;
