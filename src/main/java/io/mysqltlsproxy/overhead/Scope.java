package io.mysqltlsproxy.overhead;

/** How much is measured. */
public enum Scope {
  /** Every way, every workload. */
  WHOLE,
  /** The ways and workloads that say most. */
  QUICK,
  /** One small query on the ways that say most: what more clients do to it. */
  SCALING
}
