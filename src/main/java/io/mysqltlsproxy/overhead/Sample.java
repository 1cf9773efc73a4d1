package io.mysqltlsproxy.overhead;

import java.util.OptionalDouble;

/**
 * What one run of a load gave.
 *
 * @param perSecond statements, or logins
 * @param p50 of the time of one, in microseconds
 * @param p95 the same
 * @param p99 the same
 * @param cpu of the measured process for one, in microseconds; empty where no process is measured
 * @param loadCpu of the process that makes the load for one, in microseconds
 */
record Sample(
    double perSecond, double p50, double p95, double p99, OptionalDouble cpu, double loadCpu) {}
