package io.mysqltlsproxy.option;

/** The versions of the PROXY protocol, or none. */
public enum ProxyProtocol {
  OFF,
  V1,
  V2
}
