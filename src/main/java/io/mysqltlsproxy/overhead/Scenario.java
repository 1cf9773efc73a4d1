package io.mysqltlsproxy.overhead;

/** What one figure is of: a way to the server, what is done there, and by how many clients. */
record Scenario(Target target, Workload workload, int clients) {}
