package io.mysqltlsproxy.overhead;

/**
 * What logins cost a process from the first one on.
 *
 * @param logins how many
 * @param cpu of the process for each of them, in microseconds
 * @param seconds that they took together
 */
record LoginCost(int logins, double cpu, double seconds) {}
