/** Benchmarks of each part, by JMH; {@code bench/run} builds and runs them. */
package io.mysqltlsproxy.bench;
